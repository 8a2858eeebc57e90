"""Steps of an analysis that need the processor and run in a worker process.

A step is a function of this module, so that a worker finds it by name. Requests and reports cross the process
boundary as JSON, which is smaller and faster to read than their pickles. While the model is asked, the parent
keeps the prepared analysis as bytes, so that any worker can continue it.
"""

import io
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from contracts.events import AnalysisRequested
from contracts.report import Report
from scoring.criteria.assessments import Assessment
from scoring.criteria.context import ScoringContext, create_context
from scoring.language.text import Span
from scoring.messages import Messages
from scoring.report.builder import ModelResult, assess_by_rules, build_report
from scoring.rubric import Language, Rubric, load_rubric

from analyzer.llm.prompting.prompt import Prompt, load_prompt
from analyzer.llm.prompting.questions import Questions, build_questions
from analyzer.llm.prompting.redaction import RedactedText
from analyzer.llm.responses import FailureReason, ModelResponses
from analyzer.llm.usage import ModelUsage
from analyzer.llm.verification.merge import merge, without_model

_Prepared = tuple[ScoringContext, Sequence[Assessment], RedactedText]


class StepFailed(Exception):
    """A step raised an error.

    `error` is the class of the error and `place` its file and line. The message is left out because it may
    quote the resume.
    """

    def __init__(self, error: str, place: str) -> None:
        super().__init__(error, place)
        self.error = error
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAnalysis:
    """An analysis that the rules have scored: the questions for the model, and the state to continue with."""

    questions: Questions
    state: bytes


@cache
def rubric() -> Rubric:
    """Load the rubric once per process."""
    return load_rubric()


@cache
def prompt() -> Prompt:
    """Load the prompts once per process."""
    return load_prompt()


def score_by_rules(request: str, now: datetime, notice: str | None = None) -> str:
    """Return the report by rules as JSON; `notice` is a key of the catalogue that says why there is no model.

    Raises:
        NotAssessable: The resume has no readable text.
    """
    requested, context, assessments = _assess_by_rules(request)
    result = ModelResult(assessments=assessments, model=None, notices=[(notice, {})]) if notice else None
    return _to_json(build_report(requested, context, assessments, now=now, model_result=result))


def score_after_failure(request: str, now: datetime, reason: FailureReason, usage: ModelUsage) -> str:
    """Return the report by rules as JSON, with a notice that says why the model's responses are missing.

    Raises:
        NotAssessable: The resume has no readable text.
    """
    requested, context, assessments = _assess_by_rules(request)
    result = without_model(assessments, reason, prompt=prompt(), usage=usage)
    return _to_json(build_report(requested, context, assessments, now=now, model_result=result))


def prepare_analysis(request: str) -> PreparedAnalysis:
    """Score by rules and build the questions for the model.

    Raises:
        NotAssessable: The resume has no readable text.
    """
    requested, context, assessments = _assess_by_rules(request)
    redacted, questions = build_questions(requested, context, prompt())
    return PreparedAnalysis(questions=questions, state=dump_state(context, assessments, redacted))


def finish_analysis(
    request: str, now: datetime, state: bytes, responses: ModelResponses, usage: ModelUsage
) -> str:
    """Return the report as JSON, with the responses merged in or, without any, by rules alone.

    Feedback on the writing counts on its own: it is paid for, and shown where the labels are missing.
    """
    requested = AnalysisRequested.model_validate_json(request)
    context, assessments, redacted = load_state(state)
    if responses.labels or responses.writing or not responses.failures:
        result = merge(context, assessments, redacted, prompt=prompt(), responses=responses, usage=usage)
    else:
        result = without_model(
            assessments,
            responses.failures[0],
            prompt=prompt(),
            usage=usage,
            suspected=redacted.suspected,
        )
    return _to_json(build_report(requested, context, assessments, now=now, model_result=result))


def place_of(error: BaseException) -> str:
    """Return the file and line where an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"


def _to_json(report: Report) -> str:
    """Serialize a report without its processing time, which only the caller knows."""
    return report.model_dump_json(exclude={"processing_time_ms"})


def _assess_by_rules(request: str) -> tuple[AnalysisRequested, ScoringContext, list[Assessment]]:
    requested = AnalysisRequested.model_validate_json(request)
    context = create_context(requested, rubric=rubric())
    return requested, context, assess_by_rules(context)


def _messages(language: Language, resume_language: Language) -> Messages:
    return Messages(language, resume_language=resume_language)


class _StatePickler(pickle.Pickler):
    """Leaves out what every worker has loaded: the rubric and the catalogue of sentences."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - the types of pickle
        match value:
            case Rubric():
                return rubric, ()
            case Messages():
                return _messages, (value.language, value.resume_language)
            case Span():
                # Two of its three fields are enough, and take a third of the default pickle's time.
                return Span, (value.start, value.end)
            case _:
                return NotImplemented


def dump_state(context: ScoringContext, assessments: Sequence[Assessment], redacted: RedactedText) -> bytes:
    """Serialize the state of an analysis for `finish_analysis`."""
    buffer = io.BytesIO()
    _StatePickler(buffer, pickle.HIGHEST_PROTOCOL).dump((context, assessments, redacted))
    return buffer.getvalue()


def load_state(state: bytes) -> _Prepared:
    """Restore a state with the rubric of this process."""
    # Written by `dump_state` and never outside our processes.
    restored: _Prepared = pickle.loads(state)  # noqa: S301 - see above
    return restored
