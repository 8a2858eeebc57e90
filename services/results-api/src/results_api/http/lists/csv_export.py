"""Analyses as CSV (RFC 4180) for spreadsheets.

The text is UTF-8 with a byte order mark, because Excel otherwise reads Japanese names in a legacy encoding.
"""

import csv
import io
from collections.abc import Iterable
from typing import Final

from results_api.http.responses import ListedView

MEDIA_TYPE: Final = "text/csv"
COLUMNS: Final = tuple(ListedView.model_fields)
# Spreadsheets run a cell that begins with one of these as a formula. Japanese ones also take the wide forms.
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(analyses: Iterable[ListedView]) -> bytes:
    """Return a header and a line for each analysis."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, analyses))
    return text.getvalue().encode("utf-8-sig")


def is_requested(format_: str | None, accept: str | None) -> bool:
    """Return True if the client asks for CSV: by the parameter, or without one by `Accept`."""
    if format_ is not None:
        return format_ == "csv"
    accepted = {each.partition(";")[0].strip().lower() for each in (accept or "").split(",")}
    return MEDIA_TYPE in accepted and "application/json" not in accepted


def _cells(analysis: ListedView) -> list[object]:
    return [_harmless(cell) for cell in analysis.model_dump(mode="json").values()]


def _harmless(cell: object) -> object:
    """Prefix text that a spreadsheet would run as a formula with an apostrophe, which marks it as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
