"""Recognition of cells that hold a date or a period, also if it is wrapped over several rows.

Only the shape of a cell is judged here. The meaning of dates is the business of the scoring library.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from documents.layout.line_breaks import TIGHT_DASH

_MAX_LENGTH: Final = 48
_MONTH: Final = (
    r"(?:jan|feb|fév|mar|mär|mrz|apr|avr|abr|may|mai|mag|jun|juin|giu|jul|juil|lug|aug|août|aou|ago|sep|set|oct"
    r"|okt|ott|out|nov|dec|déc|dez|dic|ene|gen)[^\W\d_]{0,7}\.?"
)
_NOW: Final = (
    r"present|current(?:ly)?|now|today|ongoing|(?:to |till )?date"
    r"|heute|actuel|aujourd['’]hui|actualidad|現在|現職"
)
_JOIN: Final = r"to|until|till|through|since|from|bis|seit|à|a|al|[-‐‑‒–—―−~〜～→ー⇒>]+"
_ERA: Final = r"(?:令和|平成|昭和|[RHS](?=\s?\d))\s*(?:\d{1,2}|元)"
_SEASON: Final = r"spring|summer|autumn|fall|winter|q[1-4]|fy"
_YEAR: Final = r"(?:19|20)\d\d"
_DURATION: Final = r"[(（\[][^()（）\[\]]{0,24}[)）\]]"
_DATE_PARTS: Final = re.compile(
    rf"{_DURATION}|{_ERA}|{_YEAR}|(?<![^\W\d_])(?:{_MONTH}|{_NOW}|{_JOIN}|{_SEASON})(?![^\W\d_])|[年月日頃現在自至]|から|より|まで"
    r"|\d{1,2}|[\s/.,’'･・|:：-]|[‐‑‒–—―−~〜～→ー⇒>]",
    re.IGNORECASE,
)
_HAS_TIME: Final = re.compile(rf"{_YEAR}|{_ERA}|(?:fy ?|['’])\d\d|\d{{1,2}}[/.年]\d", re.IGNORECASE)
# A date that is not complete: it ends in a dash, in a month without its year, or in a word like "to".
_OPEN: Final = re.compile(
    rf"(?:[-‐‑‒–—―−~〜～→ー⇒]|(?<![^\W\d_])(?:{_MONTH},?|to|until|till|through|bis|à|al)|(?<!\d)\d{{1,2}},|から|至|年|現|[~〜～]\s*\d{{1,3}}|年\d{{1,2}})\s*$",
    re.IGNORECASE,
)
_CONTINUES: Final = re.compile(
    rf"\s*(?:[-‐‑‒–—―−~〜～→⇒]|(?:to|until|till|bis)\s|(?:{_NOW})\W*$|[(（]\d|[年月日在至]|から|まで)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_date(text: str) -> bool:
    """Return True if a cell holds nothing but a date or a period."""
    text = normalize("NFKC", text)
    if len(text) > _MAX_LENGTH or not _HAS_TIME.search(text):
        return False
    return not _DATE_PARTS.sub("", text)


@lru_cache(maxsize=1024)
def is_date_part(text: str) -> bool:
    """Return True if a row may be a part of a wrapped date, such as "Present" or "Mar 2021 –"."""
    text = normalize("NFKC", text)
    return len(text) <= _MAX_LENGTH and not _DATE_PARTS.sub("", text) and any(c.isalnum() for c in text)


def continues_date(text: str, more: str) -> bool:
    """Return True if the row `more` completes the date in the row above it."""
    if _is_cut_word(text, more):
        return True
    text, more = normalize("NFKC", text), normalize("NFKC", more)
    if not (is_date_part(text) and is_date_part(more)) or not (is_date(text) or is_date(f"{text} {more}")):
        return False
    return bool(_OPEN.search(text) or _CONTINUES.match(more))


def _is_cut_word(text: str, more: str) -> bool:
    """Return True if a hyphen divides a word of a date: "Mar 2021 – Pre-" and "sent"."""
    return text[-2:-1].isalpha() and text[-1] == "-" and not is_date_part(more) and is_date(text[:-1] + more)


def join_date(text: str, more: str) -> str:
    """Append the second row of a date, with a space unless the date is written without spaces."""
    if _is_cut_word(text, more):
        return text[:-1] + more
    space = "" if re.search("[年月]", text + more) or TIGHT_DASH.search(text) else " "
    return text.rstrip() + space + more.lstrip()


def count_dates(rows: Sequence[str]) -> int:
    """Count the rows that are dates. A date over two rows counts once."""
    count = 0
    last = ""
    for row in rows:
        if last and continues_date(last, row):
            last = join_date(last, row)
            continue
        count += is_date(row) or (is_date_part(row) and bool(_OPEN.search(row)))
        last = row
    return count
