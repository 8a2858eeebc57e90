"""Turn an analysis into the questions for the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar

from contracts.events import AnalysisRequested
from contracts.report import MAX_ADVICE
from contracts.vocabulary import Depth, SectionType
from scoring.criteria.context import ScoringContext

from analyzer.llm.prompting import labels, topics, writing
from analyzer.llm.prompting.labels import LabelsResponse
from analyzer.llm.prompting.numbering import NumberedBullets, number_for_labels, number_for_topics
from analyzer.llm.prompting.prompt import Message, Prompt, new_boundary
from analyzer.llm.prompting.redaction import RedactedText, redact
from analyzer.llm.prompting.topics import TopicsResponse
from analyzer.llm.prompting.writing import WritingResponse

Value = TypeVar("Value")
Value_co = TypeVar("Value_co", covariant=True)

# A deep analysis takes the majority of three responses for each label.
_LABEL_CALLS: Final = {Depth.STANDARD: 1, Depth.DEEP: 3}
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
    """All questions of one analysis. There are none about labels and topics where there are too few bullets.

    `cache_material` is everything that the conversations contain, except for the random boundary.
    """

    labels: Sequence[Question[LabelsResponse]]
    topics: Question[TopicsResponse] | None
    writing: Question[WritingResponse] | None
    cache_material: Sequence[object]

    @property
    def are_none(self) -> bool:
        """Tell whether there is nothing to ask."""
        return not self.labels and self.writing is None


def build_questions(
    requested: AnalysisRequested, context: ScoringContext, prompt: Prompt
) -> tuple[RedactedText, Questions]:
    """Redact the resume and build the questions about it; only a deep analysis asks about the writing."""
    names = [requested.analysis.candidate_name]
    redacted = redact(context.resume.text, names=names, screened=context.resume.screened)
    focus_areas = [redact(area, names=names).shown.text for area in requested.focus_areas]
    depth = requested.analysis.depth
    language = context.resume.language
    pool = prompt.controls[language]
    about_labels = [
        (numbered, partial(prompt.ask_for_labels, numbered, language=language))
        for call in range(_LABEL_CALLS[depth])
        if (numbered := number_for_labels(context, redacted, pool, call=call))
    ]
    sections = sections_to_comment(context)
    about_writing = partial(
        prompt.ask_about_writing,
        context,
        resume=redacted.shown.text,
        focus_areas=focus_areas,
        sections=sections,
    )
    material = [prompt.sha256, *(ask(boundary="") for _, ask in about_labels)]
    topics_question = None
    if numbered := number_for_topics(context, redacted, pool):
        about_topics = partial(prompt.ask_about_topics, context, numbered)
        material.append(about_topics(boundary=""))
        topics_question = _ask_about("topics", topics, about_topics, numbered, prompt)
    writing_question = None
    # A resume of nothing but contact details has no section to comment on.
    if depth is Depth.DEEP and sections:
        material.append(about_writing(boundary=""))
        writing_question = Question(
            name="writing",
            messages=about_writing(boundary=new_boundary()),
            schema=writing.schema(sections),
            parse=writing.parse,
            repair=prompt.repair,
        )
    return redacted, Questions(
        labels=[_ask_about("labels", labels, ask, numbered, prompt) for numbered, ask in about_labels],
        topics=topics_question,
        writing=writing_question,
        cache_material=material,
    )


class _Form(Protocol[Value_co]):
    """The form of an answer about numbered bullets: the modules `labels` and `topics`."""

    def schema(self, numbered: NumberedBullets) -> dict[str, Any]: ...
    def parse(self, content: str, numbered: NumberedBullets, boundary: str = "") -> Value_co: ...


def _ask_about(
    name: str,
    form: _Form[Value],
    ask: Callable[..., Sequence[Message]],
    numbered: NumberedBullets,
    prompt: Prompt,
) -> Question[Value]:
    boundary = new_boundary()
    return Question(
        name=name,
        messages=ask(boundary=boundary),
        schema=form.schema(numbered),
        parse=partial(form.parse, numbered=numbered, boundary=boundary),
        repair=prompt.repair,
    )


def sections_to_comment(context: ScoringContext) -> tuple[str, ...]:
    """List the sections that a model may comment on; the redacted contact details are left out."""
    kinds = [each.kind for each in context.resume.sections if each.kind not in ("head", "contact")]
    # A resume without headings is all work experience. The contract has no name for other kinds.
    names = [
        "experience" if kind == "unknown" else kind if kind in _SECTION_TYPES else "other" for kind in kinds
    ]
    return tuple(dict.fromkeys(names))[:MAX_ADVICE]
