"""Score resumes with the analyzer's own code and record what the model did."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast
from uuid import UUID

from analyzer.llm.client.ask_model import AskModel
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.json_output import MalformedOutput
from analyzer.llm.prompting.questions import Question, Questions
from analyzer.llm.responses import ModelResponses, reason_of
from analyzer.llm.usage import CallBudget
from analyzer.pipeline import steps
from analyzer.pipeline.score_with_model import ScoreWithModel
from contracts.document import DocumentSignals
from contracts.events import AnalysisRequested
from contracts.report import ModelRun
from contracts.vocabulary import Depth
from documents.parser import parse_file

from tests.support.analyses import run_in_thread
from tests.support.events import report_of
from tools.evaluation.measurement import LIMITS, NOW, ScoredDocument, create_request, score_text
from tools.evaluation.resumes import Resume
from tools.evaluation.templates import TEMPLATES

Value = TypeVar("Value")


class OutOfLimit(Exception):
    """The limit of requests or of time is reached."""


@dataclass(slots=True)
class RunLimits:
    """The limits of a whole run; `deadline` is a time of the monotonic clock."""

    deadline: float
    requests: int
    used: int = 0

    def check(self) -> None:
        """Raise OutOfLimit if nothing may be asked any more."""
        if self.used >= self.requests or time.monotonic() >= self.deadline:
            raise OutOfLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One analysis with a model. `discarded` counts answers that were thrown away, by question and reason."""

    scored: ScoredDocument
    by_rules: ScoredDocument
    questions: Questions
    responses: ModelResponses
    discarded: Counter[str]
    contents: tuple[str, ...]
    seconds: float

    @property
    def is_answered(self) -> bool:
        """Tell whether labels of the model count in the report."""
        return bool(self.responses.labels)

    @property
    def run(self) -> ModelRun | None:
        """Return what the report says about the calls."""
        return self.scored.report.detailed_scores.model_run

    @property
    def failure(self) -> str:
        """Name the reason why the rules alone scored; empty if the model did."""
        return "" if self.is_answered else ", ".join(dict.fromkeys(self.responses.failures)) or "not asked"


@dataclass(slots=True)
class Recorder:
    """Stands between the pipeline and the model, and keeps what was asked and answered.

    It offers the methods of `AskModel` that the pipeline calls.
    """

    ask: AskModel
    limits: RunLimits
    questions: Questions | None = None
    responses: ModelResponses = field(default_factory=ModelResponses)
    discarded: Counter[str] = field(default_factory=Counter)
    contents: list[str] = field(default_factory=list)

    @property
    def telemetry(self) -> ModelTelemetry:
        """Return the metrics of the model, in which the pipeline counts fallbacks."""
        return self.ask.telemetry

    def start_budget(self) -> CallBudget:
        """Start the budget of an analysis, which ends with the run at the latest."""
        budget = self.ask.start_budget()
        budget.seconds = min(budget.seconds, self.limits.deadline - time.monotonic())
        return budget

    async def __call__(self, questions: Questions, *, resume_id: UUID, budget: CallBudget) -> ModelResponses:
        """Ask the model and record the outcome."""
        self.questions = questions
        watched = replace(
            questions,
            labels=[self._watch(each) for each in questions.labels],
            topics=self._watch(questions.topics) if questions.topics else None,
            writing=self._watch(questions.writing) if questions.writing else None,
        )
        try:
            self.responses = await self.ask(watched, resume_id=resume_id, budget=budget)
        finally:
            self.limits.used += budget.requests
        return self.responses

    def _watch(self, question: Question[Value]) -> Question[Value]:
        def parse(content: str) -> Value:
            self.contents.append(content)
            try:
                return question.parse(content)
            except MalformedOutput as malformed:
                self.discarded[f"{question.name} {reason_of(malformed).value}"] += 1
                raise

        return replace(question, parse=parse)


def request_for(resume: Resume, *, depth: Depth = Depth.STANDARD) -> AnalysisRequested:
    """Return the request that the analyzer gets for a resume that was uploaded as text."""
    content = parse_file(TEMPLATES["TXT"](resume), LIMITS)
    signals = DocumentSignals.model_validate(content["signals"])
    return create_request(content["text"], signals, resume, depth=depth)


def questions_for(resume: Resume) -> Sequence[object]:
    """Return what the model would be asked about a resume, except for the random boundary."""
    return steps.prepare_analysis(request_for(resume).model_dump_json()).questions.cache_material


@dataclass(slots=True, kw_only=True)
class MeasuredModel:
    """The model under test, with all analyses that it was asked for."""

    name: str
    ask: AskModel
    limits: RunLimits
    analyses: list[Analysis] = field(default_factory=list)

    async def analyze(self, resume: Resume, *, depth: Depth = Depth.STANDARD) -> Analysis:
        """Read a resume like an upload and score it like the analyzer, without a cache.

        Raises:
            OutOfLimit: A limit of the run is reached.
        """
        self.limits.check()
        request = request_for(resume, depth=depth)
        assert request.signals
        recorder = Recorder(ask=self.ask, limits=self.limits)
        started = time.monotonic()
        score = ScoreWithModel(run=run_in_thread, ask=cast("AskModel", recorder))
        report = report_of(await score(request, now=NOW))
        analysis = Analysis(
            scored=ScoredDocument(request.text, request.signals, report),
            by_rules=score_text(request.text, request.signals, resume),
            questions=recorder.questions
            or Questions(labels=(), topics=None, writing=None, cache_material=()),
            responses=recorder.responses,
            discarded=recorder.discarded,
            contents=tuple(recorder.contents),
            seconds=time.monotonic() - started,
        )
        self.analyses.append(analysis)
        return analysis

    async def analyze_each(
        self, resumes: Iterable[Resume], *, depth: Depth = Depth.STANDARD
    ) -> AsyncIterator[tuple[Resume, Analysis]]:
        """Analyze resumes one after the other until a limit of the run is reached."""
        for resume in resumes:
            try:
                analysis = await self.analyze(resume, depth=depth)
            except OutOfLimit:
                return
            yield resume, analysis
