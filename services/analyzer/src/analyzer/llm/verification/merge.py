"""Merge verified responses of the model into the assessments of the rules."""

from collections.abc import Mapping, Sequence

from contracts.report import MAX_RAW_ANSWERS, MAX_RAW_CHARACTERS, Finding, ModelRun, RawAnswers
from contracts.vocabulary import FindingCode
from scoring.criteria.assessments import Assessment
from scoring.criteria.context import ScoringContext
from scoring.report.builder import ModelResult

from analyzer.llm.prompting.prompt import Prompt
from analyzer.llm.prompting.redaction import RedactedText
from analyzer.llm.responses import FailureReason, ModelResponses
from analyzer.llm.usage import ModelUsage
from analyzer.llm.verification.labels import LabelledAssessments, assess_labels
from analyzer.llm.verification.quotes import QuoteIndex
from analyzer.llm.verification.suggestions import Suggestions, verify_suggestions

Notice = tuple[str, Mapping[str, object]]


def merge(
    context: ScoringContext,
    assessments: Sequence[Assessment],
    redacted: RedactedText,
    *,
    prompt: Prompt,
    responses: ModelResponses,
    usage: ModelUsage,
) -> ModelResult:
    """Merge responses into the assessments of the rules."""
    index = QuoteIndex(redacted.shown)
    labelled = None
    if responses.labels:
        labelled = assess_labels(
            context,
            assessments,
            [each.value for each in responses.labels],
            responses.topics.value if responses.topics else None,
            # An instruction that was found may stand beside one that was not.
            may_raise=not redacted.suspected,
        )
    suggestions = (
        verify_suggestions(context, responses.writing.value, redacted, index) if responses.writing else None
    )
    unverified = suggestions.unverified if suggestions else 0
    contributed = bool(labelled or (suggestions and (suggestions.sections or suggestions.rewrites)))
    was_asked = bool(responses.label_calls or responses.asked_about_topics or responses.asked_about_writing)
    return ModelResult(
        assessments=labelled.assessments if labelled else assessments,
        model=responses.raw[0].model if contributed else None,
        notices=[
            *_label_notices(context, labelled, responses),
            *_writing_notices(suggestions, was_asked=responses.asked_about_writing),
            *_injection_notices(redacted.suspected),
        ],
        run=_model_run(prompt, responses, usage, unverified=unverified, suspected=redacted.suspected)
        if was_asked
        else None,
        findings=_findings(context, unverified),
        remarks=suggestions.remarks if suggestions else (),
        section_feedback=suggestions.sections if suggestions else (),
        rewrites=suggestions.rewrites if suggestions else (),
        raw=_raw_answers(responses) if contributed else None,
    )


def without_model(
    assessments: Sequence[Assessment],
    reason: FailureReason,
    *,
    prompt: Prompt,
    usage: ModelUsage,
    suspected: int = 0,
) -> ModelResult:
    """Return the assessments of the rules with a notice that says why the model's are missing."""
    return ModelResult(
        assessments=assessments,
        model=None,
        notices=[_failure_notice(reason), *_injection_notices(suspected)],
        run=_model_run(prompt, ModelResponses(), usage, unverified=0, suspected=suspected),
    )


def _model_run(
    prompt: Prompt, responses: ModelResponses, usage: ModelUsage, *, unverified: int, suspected: int
) -> ModelRun:
    return ModelRun(
        prompt_version=prompt.version,
        prompt_sha256=prompt.sha256,
        requests=usage.requests,
        answers=len(responses.raw),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=usage.cost_usd,
        unverified_quotes=unverified,
        suspected_instructions=suspected,
        is_cached=responses.is_cached,
    )


def _injection_notices(suspected: int) -> list[Notice]:
    return [("notice.suspected_instruction", {"n": suspected})] if suspected else []


def _failure_notice(reason: FailureReason) -> Notice:
    return (f"notice.model_failed.{reason.value}", {})


def _label_notices(
    context: ScoringContext, labelled: LabelledAssessments | None, responses: ModelResponses
) -> list[Notice]:
    if labelled is None:
        return [_failure_notice(responses.failures[0]) if responses.failures else ("notice.few_bullets", {})]
    by_model = sum(each.method == "model" for each in labelled.assessments)
    values = {
        "bullets": labelled.bullets,
        "of": len(context.resume.bullets),
        "n": by_model,
        "total": len(labelled.assessments),
    }
    notices: list[Notice] = [("notice.model", values)]
    if responses.topics is None:
        notices.append(("notice.topics_lost", {}))
    answered, calls = len(responses.labels), responses.label_calls
    if answered > 1:
        agreement = {"calls": answered, "agreed": labelled.agreed, "n": labelled.bullets}
        notices.append(("notice.model_spread", agreement))
    discarded = responses.failures.count(FailureReason.CONTROLS_FAILED)
    if discarded:
        notices.append(("notice.model_discarded", {"n": discarded, "calls": calls}))
    if lost := calls - answered - discarded:
        notices.append(("notice.model_lost", {"n": lost, "calls": calls}))
    return notices


def _writing_notices(suggestions: Suggestions | None, *, was_asked: bool) -> list[Notice]:
    if suggestions is None:
        return [("notice.writing_lost", {})] if was_asked else []
    return [("notice.writing_dropped", {"n": suggestions.dropped})] if suggestions.dropped else []


def _findings(context: ScoringContext, unverified: int) -> list[Finding]:
    if not unverified:
        return []
    detail = context.say("finding.unverified_quotes", n=unverified)
    return [Finding(code=FindingCode.UNVERIFIED_QUOTES, detail=detail, count=unverified)]


def _raw_answers(responses: ModelResponses) -> RawAnswers:
    """Return the answers word for word. Of the five of a deep analysis, the one about topics has no room."""
    others = [each.raw for each in (responses.writing, responses.topics) if each]
    contents = [each.content for each in [*(label.raw for label in responses.labels), *others]]
    return RawAnswers(
        model=responses.raw[0].model,
        answers=tuple(each[:MAX_RAW_CHARACTERS] for each in contents[:MAX_RAW_ANSWERS]),
        is_cut=len(contents) > MAX_RAW_ANSWERS or any(len(each) > MAX_RAW_CHARACTERS for each in contents),
    )
