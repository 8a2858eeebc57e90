"""Compare the labels of a model with those that people gave, beside the labels of the rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analyzer.llm.prompting.json_output import MalformedOutput
from analyzer.llm.prompting.labels import read_labels
from analyzer.llm.prompting.numbering import number_for_labels
from analyzer.llm.prompting.redaction import redact
from analyzer.llm.verification.labels import to_claims
from analyzer.pipeline import steps
from scoring.criteria.claims import Claim, check_claim, claim_of
from scoring.criteria.context import ScoringContext, create_context

from tools.evaluation.agreement import Agreement, LabelledBullet, labelled_bullets
from tools.evaluation.measurement import Property, rubric
from tools.evaluation.resumes import Bullet, Language, Resume, resumes
from tools.model_evaluation.measured_model import MeasuredModel, OutOfLimit, request_for

_LANGUAGES: Final[dict[Language, str]] = {"en": "English", "ja": "Japanese"}
# Half of the bullets of two pages, so that an answer stays short enough for a slow model.
BULLETS_PER_CALL: Final = 12
_NAMES: Final = {"a": "amounts", "v": "verbs", "r": "results"}


@dataclass(slots=True)
class LabelSource:
    """The claims of one source about labelled bullets, in pairs."""

    name: str
    pairs: list[tuple[LabelledBullet, Claim]] = field(default_factory=list)

    def compare(self, label: str) -> Agreement:
        """Compare one label with that of people."""
        seen = [(each, _has(label, claim)) for each, claim in self.pairs]
        return Agreement(
            both=sum(found and label in each.labels for each, found in seen),
            extra=tuple(each.text for each, found in seen if found and label not in each.labels),
            missed=tuple(each.text for each, found in seen if not found and label in each.labels),
        )


def _has(label: str, claim: Claim) -> bool:
    return {"a": claim.amount, "v": claim.action, "r": claim.result}[label]


async def measure_agreement(model: MeasuredModel, language: Language, bullets: int) -> list[Property]:
    """Ask about labelled bullets, a few in each resume. Answers that were discarded are compared, too."""
    by_rules = LabelSource("the rules")
    counted = LabelSource("the model, as they count after code checked them")
    given = LabelSource("the model, also in discarded answers")
    labelled = labelled_bullets(language, "held_back")[:bullets]
    calls = answered = 0
    for at in range(0, len(labelled), BULLETS_PER_CALL):
        group = {each.text: each for each in labelled[at : at + BULLETS_PER_CALL]}
        resume = resume_of(language, list(group))
        try:
            analysis = await model.analyze(resume)
        except OutOfLimit:
            break
        calls, answered = calls + 1, answered + analysis.is_answered
        context = create_context(request_for(resume), rubric=rubric())
        own = context.resume.bullets
        by_rules.pairs += pair(context, group, [claim_of(each.labels) for each in own])
        if analysis.is_answered:
            claims = to_claims(context, analysis.responses.labels[0].value)
            checked = [claim_of(check_claim(*each)) for each in zip(own, claims, strict=False)]
            counted.pairs += pair(context, group, checked)
        given.pairs += pair(context, group, read_anyway(analysis.contents, context))
    return list(
        compare_sources(language, (by_rules, counted, given), f"{answered} of {calls} calls were answered")
    )


def compare_sources(language: Language, sources: Sequence[LabelSource], answers: str) -> Iterator[Property]:
    for source in sources:
        figures = [
            f"{name}: precision {found.precision:.2f}, recall {found.recall:.2f}"
            for label, name in _NAMES.items()
            if (found := source.compare(label))
        ]
        claim = f"{_LANGUAGES[language]}: labels of {len(source.pairs)} bullets by {source.name}"
        yield Property("agreement", claim, "; ".join(figures) if source.pairs else f"none: {answers}")


def pair(
    context: ScoringContext, group: dict[str, LabelledBullet], claims: Sequence[Claim]
) -> list[tuple[LabelledBullet, Claim]]:
    """Pair claims with the labelled bullets; a bullet that the reader did not find is left out."""
    texts = [context.resume.text[each.start : each.end].strip("- ") for each in context.resume.bullets]
    return [(group[text], claim) for text, claim in zip(texts, claims, strict=False) if text in group]


def read_anyway(contents: Sequence[str], context: ScoringContext) -> Sequence[Claim]:
    """Return the labels of the last readable answer of a first call, whatever its controls say."""
    redacted = redact(context.resume.text, names=[], screened=context.resume.screened)
    numbered = number_for_labels(context, redacted, steps.prompt().controls[context.resume.language], call=0)
    for content in reversed(contents):
        try:
            return to_claims(context, read_labels(content, numbered)[0]) if numbered else ()
        except MalformedOutput:
            continue
    return ()


def resume_of(language: Language, texts: Sequence[str]) -> Resume:
    """Return a resume whose work consists of these bullets."""
    base = next(each for each in resumes("medium") if each.language == language)
    bullets = tuple(_bullet(language, text) for text in texts)
    half = len(bullets) // 2
    first, second = base.positions
    positions = (replace(first, bullets=bullets[:half]), replace(second, bullets=bullets[half:]))
    return replace(base, positions=positions)


def _bullet(language: Language, text: str) -> Bullet:
    verb, _, rest = text.partition(" ") if language == "en" else ("", "", text)
    return Bullet(language=language, verb=verb, what=rest, result="", topic="", quantified=language == "ja")
