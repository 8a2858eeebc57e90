import base64

import pytest
from results_api.domain.errors import InvalidCursor
from results_api.http.cursors import decode_cursor

ID = "0d9f4a52-6c1b-4f6e-9d1e-7a3b1c2d4e5f"


@pytest.mark.parametrize(
    "text",
    [
        f"0001-01-01T00:00:00+14:00 {ID}",
        f"9999-12-31T23:59:59-14:00 {ID}",
        f"2026-01-01T00:00:00 {ID}",
        "2026-01-01T00:00:00+00:00 nobody",
        f" {ID}",
        "",
    ],
)
def test_invalid_position_is_rejected(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(base64.urlsafe_b64encode(text.encode()).decode())


@pytest.mark.parametrize("cursor", ["\x00", "é", "====", "a", "_" * 200])
def test_invalid_encoding_is_rejected(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor)
