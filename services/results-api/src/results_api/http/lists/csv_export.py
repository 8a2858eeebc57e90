"""Rows as CSV (RFC 4180) for spreadsheets.

The text is UTF-8 with a byte order mark, because Excel otherwise reads Japanese names in a legacy encoding.
"""

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from chassis.http.accept import preferred_media_type
from pydantic import BaseModel
from starlette.datastructures import Headers

from results_api.http.responses import ListedView

MEDIA_TYPE: Final = "text/csv"
COLUMNS: Final = tuple(ListedView.model_fields)
# Spreadsheets run a cell that begins with one of these as a formula. Japanese ones also take the wide forms.
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")
# Rows that are written between two turns of other requests; they take 3 ms.
ROWS_AT_A_TIME: Final = 100


async def to_csv(rows: Iterable[BaseModel], *, columns: Sequence[str] = COLUMNS) -> bytes:
    """Return a header and a line for each row. Other requests are served meanwhile."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow(_cells(row))
        if not number % ROWS_AT_A_TIME:
            await asyncio.sleep(0)
    return text.getvalue().encode("utf-8-sig")


def is_requested(format_: str | None, headers: Headers) -> bool:
    """Return True if the client asks for CSV: by the parameter, or without one by `Accept`."""
    if format_ is not None:
        return format_ == "csv"
    return preferred_media_type(headers, "application/json", MEDIA_TYPE) == MEDIA_TYPE


def _cells(row: BaseModel) -> list[object]:
    return [_harmless(cell) for cell in row.model_dump(mode="json").values()]


def _harmless(cell: object) -> object:
    """Prefix text that a spreadsheet would run as a formula with an apostrophe, which marks it as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
