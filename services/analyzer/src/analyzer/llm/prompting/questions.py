"""Turn an analysis into the questions for the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

from contracts.events import AnalysisRequested
from contracts.report import MAX_ADVICE
from contracts.vocabulary import Depth, SectionType
from scoring import ScoringContext

from analyzer.llm.prompting import checklist, writing
from analyzer.llm.prompting.checklist import ChecklistResponse
from analyzer.llm.prompting.prompt import Message, Prompt
from analyzer.llm.prompting.redaction import RedactedText, redact
from analyzer.llm.prompting.writing import WritingResponse

Value = TypeVar("Value")

# A deep analysis takes the median of three responses.
_CHECKLIST_CALLS: Final = {Depth.STANDARD: 1, Depth.DEEP: 3}
_SECTION_TYPES: Final = {each.value for each in SectionType}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[Value]):
    """A request for structured output.

    `parse` raises MalformedOutput; `repair` is the message that then asks again, with `{fault}` in it.
    """

    name: str
    messages: Sequence[Message]
    schema: Mapping[str, Any]
    parse: Callable[[str], Value]
    repair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """All questions of one analysis.

    `cache_material` is everything that the conversations contain, except for the random boundary.
    """

    labels: Sequence[Question[ChecklistResponse]]
    writing: Question[WritingResponse] | None
    cache_material: Sequence[object]


def build_questions(
    requested: AnalysisRequested, context: ScoringContext, prompt: Prompt
) -> tuple[RedactedText, Questions]:
    """Redact the resume and build the questions about it; only a deep analysis asks about the writing."""
    names = [requested.analysis.candidate_name]
    redacted = redact(context.resume.text, names=names, screened=context.resume.screened)
    sections = sections_to_comment(context)
    fill_in = partial(
        prompt.conversations,
        context,
        resume=redacted.shown.text,
        focus_areas=[redact(area, names=names).shown.text for area in requested.focus_areas],
        sections=sections,
    )
    about_checklist, about_writing = fill_in()
    depth = requested.analysis.depth
    return redacted, Questions(
        labels=[
            Question(
                name="checklist",
                messages=about_checklist,
                schema=checklist.schema(prompt.ids),
                parse=partial(checklist.parse, ids=prompt.ids),
                repair=prompt.repair,
            )
        ]
        * _CHECKLIST_CALLS[depth],
        writing=Question(
            name="writing",
            messages=about_writing,
            schema=writing.schema(sections),
            parse=writing.parse,
            repair=prompt.repair,
        )
        if depth is Depth.DEEP
        else None,
        cache_material=[prompt.sha256, fill_in(boundary="")],
    )


def sections_to_comment(context: ScoringContext) -> tuple[str, ...]:
    """List the sections that a model may comment on; the redacted contact details are left out."""
    kinds = [each.kind for each in context.resume.sections if each.kind not in ("head", "contact")]
    # A resume without headings is all work experience. The contract has no name for other kinds.
    names = [
        "experience" if kind == "unknown" else kind if kind in _SECTION_TYPES else "other" for kind in kinds
    ]
    return tuple(dict.fromkeys(names))[:MAX_ADVICE]
