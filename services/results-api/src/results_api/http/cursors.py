"""Cursors of lists, as they travel: opaque to whoever gets one."""

import base64
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from results_api.domain.analysis import Cursor, View
from results_api.errors import CursorNotOurs

CursorParameter = Annotated[str | None, Query(max_length=200)]


def write_cursor(last: View) -> str:
    """What leads to the page behind an analysis."""
    place = f"{last.requested_at.isoformat()} {last.analysis_id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def read_cursor(cursor: str) -> Cursor:
    """Raises CursorNotOurs."""
    try:
        written, _, analysis_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        requested_at = datetime.fromisoformat(written)
        if requested_at.tzinfo is None:
            raise CursorNotOurs
        # In UTC, or what is at the edge of the calendar elsewhere would leave it on the way to the database.
        return Cursor(requested_at=requested_at.astimezone(UTC), analysis_id=UUID(analysis_id))
    except (ValueError, OverflowError):
        raise CursorNotOurs from None
