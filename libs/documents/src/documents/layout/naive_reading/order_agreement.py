"""Comparison of two reading orders of the same words.

The share of word pairs that survive a naive parser is the signal `parse_survival`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.layout.normalize import tokens
from documents.layout.rows import Word


@dataclass(slots=True, frozen=True)
class OrderAgreement:
    """The number of neighbouring word pairs that two reading orders share, out of `total`."""

    shared: int = 0
    total: int = 0

    def __add__(self, other: "OrderAgreement") -> "OrderAgreement":
        return OrderAgreement(self.shared + other.shared, self.total + other.total)

    @property
    def share(self) -> float:
        return round(self.shared / self.total, 4) if self.total else 1.0


def compare_orders(in_stream: Iterable[str], row_by_row: Iterable[str]) -> OrderAgreement:
    """Compare two reading orders of the same words by their pairs of neighbours."""
    first = Counter(pairwise(token for text in in_stream for token in tokens(text)))
    second = Counter(pairwise(token for text in row_by_row for token in tokens(text)))
    return OrderAgreement((first & second).total(), first.total())


def compare_page_orders(words: Sequence[Word], rows: Sequence[Sequence[Word]]) -> OrderAgreement:
    """Compare the order in which words were drawn with the rows across the whole page."""
    drawn = sorted(words, key=lambda word: word.order)
    in_rows = (word for row in rows for word in row)
    return compare_orders((word.text for word in drawn), (word.text for word in in_rows))
