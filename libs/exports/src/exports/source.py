"""The stored resume that an export starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A stored text with what is known beside it.

    `names` are the names stored for the candidate. `reference` stands in a blind CV in place of a name.
    `now` is the end of positions that are still open.
    """

    text: str
    signals: Mapping[str, Any] | None
    names: tuple[str, ...]
    reference: str
    now: datetime
