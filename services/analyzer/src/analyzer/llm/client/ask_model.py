"""Ask the model the questions of an analysis, or reuse a cached response."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from uuid import UUID

from chassis.telemetry.logs import get_logger

from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.client.response_cache import ResponseCache
from analyzer.llm.client.structured_output import StructuredOutputClient
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.json_output import MalformedOutput
from analyzer.llm.prompting.questions import Question, Questions
from analyzer.llm.responses import FailureReason, ModelResponses, RawResponse, Response, Value
from analyzer.llm.usage import CallBudget, Prices

log = get_logger(__name__)


class AskModel:
    """Asks all questions of an analysis concurrently and caches the responses if they are complete."""

    def __init__(
        self,
        *,
        client: StructuredOutputClient,
        telemetry: ModelTelemetry,
        budget_seconds: float,
        prices: Prices | None = None,
        cache: ResponseCache | None = None,
    ) -> None:
        self.telemetry = telemetry
        self.client = client
        self._budget_seconds = budget_seconds
        self._prices = prices
        self._cache = cache

    async def close(self) -> None:
        """Close the connections to the model."""
        await self.client.close()

    def start_budget(self) -> CallBudget:
        """Start to count the usage of one analysis."""
        return CallBudget(seconds=self._budget_seconds, prices=self._prices)

    async def __call__(self, questions: Questions, *, resume_id: UUID, budget: CallBudget) -> ModelResponses:
        """Return the responses; failures of the model and of the cache are part of the result.

        Raises:
            CallsClosed: The process stops, and a call still waited for its slot.
        """
        if self._cache is None:
            return await self._ask_all(questions, budget)
        key = self._cache_key(questions)
        try:
            cached = await self._cache.get(key, resume_id=resume_id)
        except ModelFailed as erased:
            # The request was delivered again after the erasure: the text must not leave the service.
            return ModelResponses(failures=[erased.reason])
        # Cached content goes through the same parser as new content.
        if cached is not None and (responses := _parse_cached(questions, cached)):
            return responses
        responses = await self._ask_all(questions, budget)
        if responses.is_complete:
            await self._cache.put(key, responses.raw, resume_id=resume_id)
        return responses

    def _cache_key(self, questions: Questions) -> str:
        material = [
            self.client.identity,
            len(questions.labels),
            questions.topics is not None,
            questions.writing is not None,
            questions.cache_material,
        ]
        return hashlib.sha256(json.dumps(material).encode()).hexdigest()

    async def _ask_all(self, questions: Questions, budget: CallBudget) -> ModelResponses:
        labels = [
            self.client.ask(question, seed=seed, budget=budget)
            for seed, question in enumerate(questions.labels, start=1)
        ]
        outcomes, (topics,), (writing,) = await asyncio.gather(
            asyncio.gather(*labels, return_exceptions=True),
            asyncio.gather(self._ask_if_any(questions.topics, budget), return_exceptions=True),
            asyncio.gather(self._ask_if_any(questions.writing, budget), return_exceptions=True),
        )
        failures = [_reason(each) for each in outcomes if isinstance(each, BaseException)]
        others = [_reason(each) for each in (topics, writing) if isinstance(each, BaseException)]
        if failures or others:
            log.warning("the model did not answer", reasons=[each.value for each in (*failures, *others)])
        return ModelResponses(
            labels=[each for each in outcomes if not isinstance(each, BaseException)],
            label_calls=len(questions.labels),
            topics=None if isinstance(topics, BaseException) else topics,
            asked_about_topics=questions.topics is not None,
            writing=None if isinstance(writing, BaseException) else writing,
            asked_about_writing=questions.writing is not None,
            failures=failures,
        )

    async def _ask_if_any(
        self, question: Question[Value] | None, budget: CallBudget
    ) -> Response[Value] | None:
        return await self.client.ask(question, seed=1, budget=budget) if question else None


def _reason(failure: BaseException) -> FailureReason:
    if isinstance(failure, ModelFailed):
        return failure.reason
    raise failure


def _parse_cached(questions: Questions, cached: Sequence[RawResponse]) -> ModelResponses | None:
    """Parse cached responses; None if another version of this code stored something that no longer parses."""
    wanted = [*questions.labels, questions.topics, questions.writing]
    if len(cached) != len([each for each in wanted if each]):
        return None
    left = iter(cached)
    try:
        labels = [_parse(question, next(left)) for question in questions.labels]
        topics = _parse(questions.topics, next(left)) if questions.topics else None
        writing = _parse(questions.writing, next(left)) if questions.writing else None
    except MalformedOutput:
        return None
    return ModelResponses(
        labels=labels,
        label_calls=len(labels),
        topics=topics,
        asked_about_topics=topics is not None,
        writing=writing,
        asked_about_writing=writing is not None,
        is_cached=True,
    )


def _parse(question: Question[Value], raw: RawResponse) -> Response[Value]:
    return Response(value=question.parse(raw.content), raw=raw)
