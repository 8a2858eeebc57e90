"""Encoding of list cursors. Cursors are opaque to clients."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query

from results_api.domain.errors import InvalidCursor
from results_api.domain.listing import Filters, Order, Position, Sort

# Enough for the longest name, of which each character may be an escape of six bytes.
MAX_CURSOR: Final = 2_000
CursorParameter = Annotated[str | None, Query(max_length=MAX_CURSOR)]

# A score of Schema v1.1.
_MAX_SCORE: Final = 100


def encode_cursor(last: Position, filters: Filters, order: Order) -> str:
    """Return the cursor of the page that follows a position in a list."""
    key = last.key.isoformat() if isinstance(last.key, datetime) else last.key
    content = [_digest(filters, order), key, str(last.analysis_id)]
    return base64.urlsafe_b64encode(json.dumps(content, ensure_ascii=False).encode()).decode()


def decode_cursor(cursor: str, filters: Filters, order: Order) -> Position:
    """Return the position in a list. Raises InvalidCursor, also for a cursor of another list."""
    try:
        digest, key, analysis_id = json.loads(base64.urlsafe_b64decode(cursor.encode()).decode())
        if digest != _digest(filters, order):
            raise InvalidCursor
        return Position(key=_key(key, order.sort), analysis_id=UUID(analysis_id))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidCursor from None


def _digest(filters: Filters, order: Order) -> str:
    return hashlib.sha256(repr((filters, order)).encode()).hexdigest()[:16]


def _key(value: Any, sort: Sort) -> datetime | int | str | None:  # noqa: ANN401 - any JSON value
    """Check and convert a key. The database driver fails on values that the database cannot represent."""
    match sort, value:
        case Sort.SCORE, None:
            return None
        case Sort.SCORE, int() if 0 <= value <= _MAX_SCORE:
            return int(value)
        case Sort.CANDIDATE_NAME, str() if "\x00" not in value:
            # Raises ValueError for half of a surrogate pair.
            return value.encode().decode()
        case Sort.REQUESTED_AT, str():
            requested_at = datetime.fromisoformat(value)
            if requested_at.tzinfo is not None:
                return requested_at.astimezone(UTC)
    raise InvalidCursor
