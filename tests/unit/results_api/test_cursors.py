import base64
from uuid import uuid4

import pytest
from results_api.errors import CursorNotOurs
from results_api.http.cursors import read_cursor

ID = str(uuid4())


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
def test_what_no_list_gave_is_refused(text: str) -> None:
    with pytest.raises(CursorNotOurs):
        read_cursor(base64.urlsafe_b64encode(text.encode()).decode())


@pytest.mark.parametrize("cursor", ["\x00", "é", "====", "a", "_" * 200])
def test_what_is_no_base64_of_text_is_refused(cursor: str) -> None:
    with pytest.raises(CursorNotOurs):
        read_cursor(cursor)
