"""Ask for structured output in the strictest form that the server accepts, and repair it once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chassis.telemetry.logs import get_logger
from contracts.plain_text import MODEL_NAME_PATTERN

from analyzer.llm.client.completion import Completion
from analyzer.llm.client.model_client import ModelClient
from analyzer.llm.client.negotiation import Negotiation
from analyzer.llm.client.refusals import BadRequest, ModelFailed
from analyzer.llm.client.server_features import ServerFeatures
from analyzer.llm.client.slots import Call, CallSlots
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.json_output import MalformedOutput, storable
from analyzer.llm.prompting.prompt import Message
from analyzer.llm.prompting.questions import Question
from analyzer.llm.responses import FailureReason, RawResponse, Response, Value, reason_of
from analyzer.llm.usage import CallBudget, fewest_tokens, is_prompt_cut

log = get_logger(__name__)

# Requests to find a form that the server accepts: each kind of change once, and a second one of the limit.
_MAX_FORMS: Final = 8
# Length of the malformed output that the repair request quotes, enough to show the model its mistake.
_QUOTED_CHARACTERS: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTarget:
    """The model to ask.

    `body` has additional fields of each request; one that is None is not sent, even if it usually is.
    `context_tokens` is the size of the model's context; None if it is not known. `headers` and `query` may
    hold keys.
    """

    url: str
    model: str
    output_tokens: int
    context_tokens: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def limit(self) -> int:
        """Return the limit of an answer, which leaves half of the context to the prompt."""
        return min(self.output_tokens, (self.context_tokens or 2 * self.output_tokens) // 2)

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what decides about a response besides the question, as part of the cache's key."""
        extra: list[object] = [sorted(self.body.items())] if self.body else []
        if self.headers or self.query:
            # They may choose the model or its version, and a hash does not reveal a key.
            names = {name.lower(): value for name, value in self.headers.items()}
            sent = json.dumps([sorted(names.items()), sorted(self.query.items())])
            extra.append(hashlib.sha256(sent.encode()).hexdigest())
        return (self.url, self.model, self.output_tokens, *extra)


class StructuredOutputClient:
    """Asks one question: as many requests as the server refuses forms, and one repair of malformed output."""

    def __init__(
        self, *, client: ModelClient, telemetry: ModelTelemetry, target: ModelTarget, slots: CallSlots
    ) -> None:
        self.identity = target.identity
        self.features = ServerFeatures()
        self._client = client
        self._telemetry = telemetry
        self._target = target
        self.slots = slots

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, question: Question[Value], *, seed: int, budget: CallBudget) -> Response[Value]:
        """Ask a question, and once more if the output cannot be used.

        Raises:
            ModelFailed: There is no usable response.
            CallsClosed: The process stops, and the call still waited for its slot.
        """
        try:
            async with self.slots.take(seconds=budget.seconds) as call:
                return await self._ask(question, seed=seed, call=call, budget=budget)
        except ModelFailed as failed:
            # The client counts the failures of its attempts, and those below are counted where they occur.
            if failed.reason is FailureReason.BUSY:
                self._telemetry.count_error(failed.reason)
            raise

    async def _ask(
        self, question: Question[Value], *, seed: int, call: Call, budget: CallBudget
    ) -> Response[Value]:
        try:
            return await self._ask_once(question, question.messages, seed=seed, call=call, budget=budget)
        except _UnusableOutput as unusable:
            self._telemetry.count_error(unusable.reason)
            log.info("asking the model again", question=question.name, reason=unusable.reason.value)
            messages = [*question.messages]
            if unusable.content:
                messages.append({"role": "assistant", "content": unusable.content[:_QUOTED_CHARACTERS]})
            messages.append({"role": "user", "content": question.repair.replace("{fault}", unusable.fault)})
        try:
            return await self._ask_once(question, messages, seed=seed, call=call, budget=budget)
        except _UnusableOutput as unusable:
            self._telemetry.count_error(unusable.reason)
            raise ModelFailed(unusable.reason) from None

    async def _ask_once(
        self,
        question: Question[Value],
        messages: Sequence[Message],
        *,
        seed: int,
        call: Call,
        budget: CallBudget,
    ) -> Response[Value]:
        completion = await self._complete(question, messages, seed=seed, call=call, budget=budget)
        self._check_context(messages, completion.usage.prompt_tokens)
        choice = completion.choices[0]
        content = storable(choice.message.output)
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise self._failed(FailureReason.REFUSED if choice.message.refusal else FailureReason.FILTERED)
        is_cut = choice.finish_reason == "length"
        try:
            if not content and not is_cut:
                raise _UnusableOutput(FailureReason.EMPTY, "it was empty")
            value = question.parse(content)
        except MalformedOutput as malformed:
            if is_cut:
                self.features.forget_limit()
                fault = "it was cut off; use shorter quotes and reasons"
                raise _UnusableOutput(FailureReason.TRUNCATED, fault) from None
            raise _UnusableOutput(reason_of(malformed), malformed.fault, content) from None
        # The name appears in reports, so a server must not smuggle other text into it.
        reported = completion.model or ""
        model = reported if MODEL_NAME_PATTERN.fullmatch(reported) else self._target.model
        return Response(value=value, raw=RawResponse(model=model, content=content))

    async def _complete(
        self,
        question: Question[Value],
        messages: Sequence[Message],
        *,
        seed: int,
        call: Call,
        budget: CallBudget,
    ) -> Completion:
        self._check_context(messages, None)
        body = self._target.body
        negotiation = Negotiation(
            self.features, limit=self._target.limit, body=body, attempts=self._client.attempts
        )
        for _ in range(_MAX_FORMS):
            options = negotiation.form.options(name=question.name, schema=question.schema, seed=seed)
            # Fields of `body` replace those that are sent by default.
            options["extra_body"] = {name: value for name, value in body.items() if value is not None}
            try:
                completion = await self._client.complete(
                    messages,
                    model=self._target.model,
                    options=options,
                    attempts=negotiation.attempts,
                    call=call,
                    budget=budget,
                )
            except BadRequest as refusal:
                if not negotiation.learn_from(refusal):
                    break
                # Not the complaint: it may quote the resume.
                log.info("model server refuses a request, asking in another form", form=negotiation.form)
            else:
                negotiation.accepted()
                return completion
        raise self._failed(negotiation.reason)

    def _check_context(self, messages: Sequence[Message], prompt_tokens: int | None) -> None:
        """Fail if the prompt does not fit into the context, or if the server has silently cut it.

        Args:
            messages: The prompt.
            prompt_tokens: The tokens of the prompt by the server's count; None before the request.
        """
        context = self._target.context_tokens
        if context is None:
            return
        fewest = fewest_tokens(messages)
        if fewest >= context:
            raise self._failed(FailureReason.CONTEXT)
        if prompt_tokens is not None and (prompt_tokens >= context or is_prompt_cut(prompt_tokens, fewest)):
            raise self._failed(FailureReason.CONTEXT)

    def _failed(self, reason: FailureReason) -> ModelFailed:
        self._telemetry.count_error(reason)
        return ModelFailed(reason)


class _UnusableOutput(Exception):
    """Output that is worth asking for again."""

    def __init__(self, reason: FailureReason, fault: str, content: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fault = fault
        self.content = content
