"""The stored resume that an export starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from contracts.document import DocumentSignals
from scoring import Rubric, load_rubric
from scoring.resume.resume import Resume


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

    def parse(self) -> Resume:
        """Return the parsed resume.

        Raises:
            NotAssessable: the text holds no words.
        """
        signals = None if self.signals is None else DocumentSignals.model_validate(self.signals)
        return Resume(self.text, signals=signals, at=self.now, rubric=_rubric())


@cache
def _rubric() -> Rubric:
    return load_rubric()
