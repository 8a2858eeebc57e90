import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from results_api.domain.errors import InvalidCursor
from results_api.domain.listing import Filters, Order, Position, Sort
from results_api.http.lists.cursors import MAX_CURSOR, decode_cursor, encode_cursor

ID = UUID("0d9f4a52-6c1b-4f6e-9d1e-7a3b1c2d4e5f")
KEYS: dict[Sort, datetime | int | str] = {
    Sort.REQUESTED_AT: datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    Sort.SCORE: 61,
    Sort.CANDIDATE_NAME: "山田 o'neil",
}


def forged(key: Any, sort: Sort, analysis_id: object = str(ID)) -> str:
    """Return a cursor with any content for the list of a sort."""
    order = Order(sort=sort)
    valid = encode_cursor(Position(key=KEYS[sort], analysis_id=ID), Filters(), order)
    digest, _, _ = json.loads(base64.urlsafe_b64decode(valid))
    return base64.urlsafe_b64encode(json.dumps([digest, key, analysis_id]).encode()).decode()


@pytest.mark.parametrize("sort", [*Sort])
@pytest.mark.parametrize("descending", [True, False])
def test_cursor_is_read_by_its_own_list_alone(sort: Sort, descending: bool) -> None:
    filters, order = Filters(text="山", min_score=5), Order(sort=sort, descending=descending)
    position = Position(key=KEYS[sort], analysis_id=ID)
    cursor = encode_cursor(position, filters, order)
    assert decode_cursor(cursor, filters, order) == position
    others = [
        (Filters(text="山"), order),
        (Filters(text="山", min_score=6), order),
        (filters, Order(sort=sort, descending=not descending)),
        *((filters, Order(sort=other, descending=descending)) for other in Sort if other is not sort),
    ]
    for other in others:
        with pytest.raises(InvalidCursor):
            decode_cursor(cursor, *other)


def test_position_without_a_score_is_kept() -> None:
    position, order = Position(key=None, analysis_id=ID), Order(sort=Sort.SCORE)
    assert decode_cursor(encode_cursor(position, Filters(), order), Filters(), order) == position


def test_cursor_of_the_longest_name_is_accepted() -> None:
    order = Order(sort=Sort.CANDIDATE_NAME)
    for character in ("\x01", "\U0001f600"):
        position = Position(key=character * 201, analysis_id=ID)
        assert len(encode_cursor(position, Filters(), order)) <= MAX_CURSOR


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.REQUESTED_AT, "0001-01-01T00:00:00+14:00"),
        (Sort.REQUESTED_AT, "9999-12-31T23:59:59-14:00"),
        (Sort.REQUESTED_AT, "2026-01-01T00:00:00"),
        (Sort.REQUESTED_AT, ""),
        (Sort.REQUESTED_AT, None),
        (Sort.REQUESTED_AT, 5),
        (Sort.SCORE, -1),
        (Sort.SCORE, 101),
        (Sort.SCORE, 6.5),
        (Sort.SCORE, "61"),
        (Sort.SCORE, [61]),
        (Sort.CANDIDATE_NAME, "a\x00"),
        (Sort.CANDIDATE_NAME, "\ud800"),
        (Sort.CANDIDATE_NAME, None),
        (Sort.CANDIDATE_NAME, 61),
    ],
)
def test_invalid_key_is_rejected(sort: Sort, key: object) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(forged(key, sort), Filters(), Order(sort=sort))


@pytest.mark.parametrize("analysis_id", ["nobody", 5, None, ["a"]])
def test_invalid_id_is_rejected(analysis_id: object) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(forged(61, Sort.SCORE, analysis_id), Filters(), Order(sort=Sort.SCORE))


@pytest.mark.parametrize(
    "cursor",
    [
        "\x00",
        "é",
        "====",
        "a",
        "_" * 200,
        base64.urlsafe_b64encode(b"5").decode(),
        base64.urlsafe_b64encode(b"[" * 1_400).decode(),
        base64.urlsafe_b64encode(f"2026-01-01T00:00:00+00:00 {ID}".encode()).decode(),
    ],
)
def test_invalid_encoding_is_rejected(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, Filters(), Order())
