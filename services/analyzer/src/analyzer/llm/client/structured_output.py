"""Ask for structured output in the strictest format that the server supports, and repair it once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chassis.telemetry.logs import get_logger
from contracts.plain_text import MODEL_NAME_PATTERN

from analyzer.llm.client.model_client import BadRequest, Completion, ModelClient, ModelFailed
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.json_output import MalformedOutput, storable
from analyzer.llm.prompting.prompt import Message
from analyzer.llm.prompting.questions import Question
from analyzer.llm.responses import FailureReason, RawResponse, Response, Value, reason_of
from analyzer.llm.usage import CallBudget

log = get_logger(__name__)

# From the strictest to the loosest; a server that refuses one gets the next.
_FORMATS: Final = ("json_schema", "json_object", "text")
_NAMES_FORMAT = re.compile(
    r"response_format|json_schema|json_object|json mode|structured output|guided|grammar"
)
# Options that a server may refuse. Without them responses are longer or less repeatable, but usable.
_OPTIONAL: Final = ("temperature", "seed", "max_completion_tokens", "max_tokens")
# Length of the malformed output that the repair request quotes, enough to show the model its mistake.
_QUOTED_CHARACTERS: Final = 4_000


@dataclass(slots=True)
class ServerFeatures:
    """Output formats and options that the server accepts, learned from its refusals.

    The client keeps them as long as the process runs, so that each refusal costs one request.
    """

    formats: list[str] = field(default_factory=lambda: list(_FORMATS))
    refused: set[str] = field(default_factory=set)

    def options(
        self, *, name: str, schema: Mapping[str, Any], seed: int, output_tokens: int
    ) -> dict[str, Any]:
        """Build the options of a request."""
        # `max_tokens` is the older name of the limit, for servers that refuse the newer one.
        limit = "max_tokens" if "max_completion_tokens" in self.refused else "max_completion_tokens"
        wanted: dict[str, Any] = {"temperature": 0, "seed": seed, limit: output_tokens}
        options = {name: value for name, value in wanted.items() if name not in self.refused}
        if self.formats[0] == "json_schema":
            named = {"name": name, "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.formats[0] == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options

    def learn_from(self, complaint: str, options: dict[str, Any]) -> bool:
        """Learn from a refusal and return False if it names nothing that could be left out.

        Args:
            complaint: The server's message.
            options: The refused options. A concurrent request may have learned from the same refusal already.
        """
        for name in _OPTIONAL:
            if name in options and re.search(rf"\b{name}\b", complaint):
                self.refused.add(name)
                return True
        if "response_format" in options and _NAMES_FORMAT.search(complaint):
            if self.formats[0] == options["response_format"]["type"]:
                del self.formats[0]
            return True
        return False


class StructuredOutputClient:
    """Asks one question: a request for each refused option, and one repair of malformed output."""

    def __init__(
        self, *, client: ModelClient, telemetry: ModelTelemetry, url: str, model: str, output_tokens: int
    ) -> None:
        """Create a client for one model; `url` is the address that `client` sends to."""
        # Part of the cache key: the same model at another address may respond differently.
        self.identity = (url, model, output_tokens)
        self._client = client
        self._telemetry = telemetry
        self._model = model
        self._output_tokens = output_tokens
        self._features = ServerFeatures()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, question: Question[Value], *, seed: int, budget: CallBudget) -> Response[Value]:
        """Ask a question, and once more if the output cannot be used.

        Raises:
            ModelFailed: There is no usable response.
        """
        try:
            return await self._ask_once(question, question.messages, seed=seed, budget=budget)
        except _UnusableOutput as unusable:
            self._telemetry.count_error(unusable.reason)
            log.info("asking the model again", question=question.name, reason=unusable.reason.value)
            messages = [*question.messages]
            if unusable.content:
                messages.append({"role": "assistant", "content": unusable.content[:_QUOTED_CHARACTERS]})
            messages.append({"role": "user", "content": question.repair.replace("{fault}", unusable.fault)})
        try:
            return await self._ask_once(question, messages, seed=seed, budget=budget)
        except _UnusableOutput as unusable:
            self._telemetry.count_error(unusable.reason)
            raise ModelFailed(unusable.reason) from None

    async def _ask_once(
        self, question: Question[Value], messages: Sequence[Message], *, seed: int, budget: CallBudget
    ) -> Response[Value]:
        completion = await self._complete(question, messages, seed=seed, budget=budget)
        choice = completion.choices[0]
        content = storable(choice.message.content or "")
        if choice.message.refusal or choice.finish_reason == "content_filter":
            reason = FailureReason.REFUSED if choice.message.refusal else FailureReason.FILTERED
            self._telemetry.count_error(reason)
            raise ModelFailed(reason)
        if choice.finish_reason == "length":
            raise _UnusableOutput(FailureReason.TRUNCATED, "it was cut off; use shorter quotes and reasons")
        if not content:
            raise _UnusableOutput(FailureReason.EMPTY, "it was empty")
        try:
            value = question.parse(content)
        except MalformedOutput as malformed:
            raise _UnusableOutput(reason_of(malformed), malformed.fault, content) from None
        # The name appears in reports, so a server must not smuggle other text into it.
        reported = completion.model or ""
        model = reported if MODEL_NAME_PATTERN.fullmatch(reported) else self._model
        return Response(value=value, raw=RawResponse(model=model, content=content))

    async def _complete(
        self, question: Question[Value], messages: Sequence[Message], *, seed: int, budget: CallBudget
    ) -> Completion:
        # Every refusal removes one option or format, so this many requests are enough.
        for _ in range(len(_OPTIONAL) + len(_FORMATS)):
            options = self._features.options(
                name=question.name, schema=question.schema, seed=seed, output_tokens=self._output_tokens
            )
            try:
                return await self._client.complete(
                    messages, model=self._model, options=options, budget=budget
                )
            except BadRequest as error:
                if not self._features.learn_from(error.complaint, options):
                    break
                log.info(
                    "model server refuses an option, asking without it",
                    format=self._features.formats[0],
                    without=self._features.refused,
                )
        self._telemetry.count_error(FailureReason.REJECTED)
        raise ModelFailed(FailureReason.REJECTED)


class _UnusableOutput(Exception):
    """Output that is worth asking for again."""

    def __init__(self, reason: FailureReason, fault: str, content: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fault = fault
        self.content = content
