"""The stored resume that an export starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.vocabulary import Depth, ReviewType
from scoring import Rubric, load_rubric
from scoring.resume.resume import Resume

_NO_ID = UUID(int=0)


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
        context = AnalysisContext(
            analysis_id=_NO_ID,
            resume_id=_NO_ID,
            candidate_id=_NO_ID,
            requested_by=_NO_ID,
            candidate_name="",
            file_name="resume",
            industry=None,
            depth=Depth.QUICK,
            review_type=ReviewType.COMPREHENSIVE,
            requested_at=self.now,
        )
        signals = None if self.signals is None else DocumentSignals.model_validate(self.signals)
        request = AnalysisRequested(version=1, analysis=context, text=self.text, signals=signals)
        return Resume(request, rubric=_rubric())


@cache
def _rubric() -> Rubric:
    return load_rubric()
