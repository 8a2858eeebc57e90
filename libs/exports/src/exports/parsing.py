"""Parse the resume of an export. Only the worker does this, because it takes up to seconds."""

from functools import cache

from contracts.document import DocumentSignals
from scoring.resume.resume import Resume
from scoring.rubric import Rubric, load_rubric

from exports.source import Source


def parse(source: Source) -> Resume:
    """Return the parsed resume of a source.

    Raises:
        NotAssessable: the text holds no words.
    """
    signals = None if source.signals is None else DocumentSignals.model_validate(source.signals)
    return Resume(source.text, signals=signals, at=source.now, rubric=_rubric())


@cache
def _rubric() -> Rubric:
    return load_rubric()
