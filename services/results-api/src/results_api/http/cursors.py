"""Encoding of list cursors. Cursors are opaque to clients."""

import base64
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from results_api.domain.analysis_view import AnalysisView, Cursor
from results_api.domain.errors import InvalidCursor

CursorParameter = Annotated[str | None, Query(max_length=200)]


def encode_cursor(last: AnalysisView) -> str:
    """Return the cursor of the page that follows an analysis."""
    position = f"{last.requested_at.isoformat()} {last.analysis_id}"
    return base64.urlsafe_b64encode(position.encode()).decode()


def decode_cursor(cursor: str) -> Cursor:
    """Return the position that a cursor stands for. Raises InvalidCursor."""
    try:
        time, _, analysis_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        requested_at = datetime.fromisoformat(time)
        if requested_at.tzinfo is None:
            raise InvalidCursor
        # Converted to UTC here, because the database driver fails on times that UTC cannot represent.
        return Cursor(requested_at=requested_at.astimezone(UTC), analysis_id=UUID(analysis_id))
    except (ValueError, OverflowError):
        raise InvalidCursor from None
