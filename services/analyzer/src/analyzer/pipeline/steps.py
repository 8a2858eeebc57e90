"""What of an analysis is work for the processor, in steps that run in a worker process.

A step is a function of this module, so that a worker finds it by its name. Requests and reports go there and
back as their JSON, which is smaller and faster to read than they are pickled; a case stays with whoever asked
while a model is waited for, so that any worker can go on with it.
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
from scoring import (
    Assessment,
    Language,
    Messages,
    ModelResult,
    Rubric,
    ScoringContext,
    assess_by_rules,
    build_report,
    create_context,
    load_rubric,
)
from scoring.language.text import Span

from analyzer.llm.prompting.answered import Answered, Reason, Spent
from analyzer.llm.prompting.prompt import Prompt, load_prompt
from analyzer.llm.prompting.reading import Reading
from analyzer.llm.verification.merge import Asking, merge, prepare, rules_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The rules have answered; `asking` is for the model, `case` for `close_case` alone."""

    asking: Asking
    case: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """What the model answered to which questions."""

    answered: Answered
    times: int
    with_writing: bool
    spent: Spent


@cache
def rubric() -> Rubric:
    """The one of this process."""
    return load_rubric()


@cache
def prompt() -> Prompt:
    """The one of this process."""
    return load_prompt()


def score(request: str, now: datetime, notice: str | None = None) -> str:
    """A report by rules; `notice` says why by rules alone. Raises NotAssessable."""
    requested, case, answers = _by_rules(request)
    advice = ModelResult(assessments=answers, model=None, notices=[(notice, {})]) if notice else None
    return _written(build_report(requested, case, answers, now=now, model_result=advice))


def score_alone(request: str, now: datetime, reason: Reason, spent: Spent) -> str:
    """A report by rules, where the model was asked and is of no use. Raises NotAssessable."""
    requested, case, answers = _by_rules(request)
    advice = rules_alone(answers, reason, prompt=prompt(), spent=spent)
    return _written(build_report(requested, case, answers, now=now, model_result=advice))


def open_case(request: str) -> Opened:
    """All that comes before a model is asked. Raises NotAssessable."""
    requested, case, answers = _by_rules(request)
    reading, asking = prepare(requested, case, prompt())
    return Opened(asking=asking, case=packed(case, answers, reading))


def close_case(request: str, now: datetime, content: bytes, consulted: Consulted) -> str:
    """The report, by what the model answered; by rules alone where it did not."""
    requested = AnalysisRequested.model_validate_json(request)
    case, answers, reading = unpacked(content)
    answered = consulted.answered
    if answered.checklists:
        advice = merge(
            case,
            answers,
            reading,
            prompt=prompt(),
            answered=answered,
            times=consulted.times,
            with_writing=consulted.with_writing,
            spent=consulted.spent,
        )
    else:
        advice = rules_alone(
            answers,
            answered.failures[0],
            prompt=prompt(),
            spent=consulted.spent,
            suspected=reading.suspected,
        )
    return _written(build_report(requested, case, answers, now=now, model_result=advice))


def _written(report: Report) -> str:
    """Leave out the time it took, which is known only to whoever asked."""
    return report.model_dump_json(exclude={"processing_time_ms"})


def _by_rules(request: str) -> tuple[AnalysisRequested, ScoringContext, list[Assessment]]:
    requested = AnalysisRequested.model_validate_json(request)
    case = create_context(requested, rubric=rubric())
    return requested, case, assess_by_rules(case)


def _messages(language: Language, resume_language: Language) -> Messages:
    return Messages(language, resume_language=resume_language)


class _Packer(pickle.Pickler):
    """Leaves out what each worker has: the rubric, the catalogue of sentences."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - what pickle takes
        match value:
            case Rubric():
                return rubric, ()
            case Messages():
                return _messages, (value.language, value.resume_language)
            case Span():
                # Two of three values; by themselves frozen dataclasses take three times as long.
                return Span, (value.start, value.end)
            case _:
                return NotImplemented


def packed(case: ScoringContext, answers: Sequence[Assessment], reading: Reading) -> bytes:
    """What `open_case` found, for `close_case`."""
    buffer = io.BytesIO()
    _Packer(buffer, pickle.HIGHEST_PROTOCOL).dump((case, answers, reading))
    return buffer.getvalue()


def unpacked(content: bytes) -> tuple[ScoringContext, Sequence[Assessment], Reading]:
    """The same again, with the rubric of this process."""
    # Of our own making, and it never left our processes.
    found: tuple[ScoringContext, Sequence[Assessment], Reading] = pickle.loads(content)  # noqa: S301 - see above
    return found
