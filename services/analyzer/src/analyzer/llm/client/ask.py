"""Asks a model a question, in the best way that its server takes, until the answer can be read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from chassis.telemetry.logs import get_logger
from contracts.plain_text import MODEL_NAME_PATTERN

from analyzer.llm.client.model_client import BadRequest, Completion, ModelClient, ModelFailed, Tally
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.answer import Malformed, storable
from analyzer.llm.prompting.answered import Raw, Reason, Reply, Value
from analyzer.llm.prompting.prompt import Message

log = get_logger(__name__)

# From the strictest on; a server that refuses one is asked the next.
_FORMATS: Final = ("json_schema", "json_object", "text")
_NAMES_FORMAT = re.compile(
    r"response_format|json_schema|json_object|json mode|structured output|guided|grammar"
)
# Without these the answer is less repeatable, or longer, but an answer.
_OPTIONAL: Final = ("temperature", "seed", "max_completion_tokens", "max_tokens")
# Of an answer that could not be read, as much goes back as shows the model what it did.
_SHOWN_BACK: Final = 4_000


@dataclass(slots=True)
class Dialect:
    """What the server was found to take. Kept as long as the process: a refusal costs one request, once."""

    formats: list[str] = field(default_factory=lambda: list(_FORMATS))
    refused: set[str] = field(default_factory=set)

    def options(
        self, *, name: str, schema: Mapping[str, Any], seed: int, output_tokens: int
    ) -> dict[str, Any]:
        # The older name of the limit is for servers that refuse the newer.
        limit = "max_tokens" if "max_completion_tokens" in self.refused else "max_completion_tokens"
        wanted: dict[str, Any] = {"temperature": 0, "seed": seed, limit: output_tokens}
        options = {name: value for name, value in wanted.items() if name not in self.refused}
        if self.formats[0] == "json_schema":
            named = {"name": name, "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.formats[0] == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options

    def heed(self, complaint: str, options: dict[str, Any]) -> bool:
        """Learn from a refusal; False where it names nothing that could be left out.

        `options` are those refused: another call may have learnt the same in the meantime.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[Value]):
    """What to send, and how to read what comes back: `parse` raises `Malformed`. `repair` is what is said of
    an answer that could not be read, with `{fault}` in it."""

    name: str
    messages: Sequence[Message]
    schema: Mapping[str, Any]
    parse: Callable[[str], Value]
    repair: str


class AskModel:
    """Asks one question: as many requests as it takes to learn the server's dialect, and one repair."""

    def __init__(
        self, *, client: ModelClient, telemetry: ModelTelemetry, url: str, model: str, output_tokens: int
    ) -> None:
        """`url` is where `client` sends to."""
        # Whom an answer is of: another model, or the same elsewhere, may answer otherwise.
        self.identity = (url, model, output_tokens)
        self._client = client
        self._telemetry = telemetry
        self._model = model
        self._output_tokens = output_tokens
        self._dialect = Dialect()

    async def close(self) -> None:
        await self._client.close()

    async def __call__(self, question: Question[Value], *, seed: int, tally: Tally) -> Reply[Value]:
        """Raises `ModelFailed`."""
        try:
            return await self._once(question, question.messages, seed=seed, tally=tally)
        except _Unreadable as unreadable:
            self._telemetry.erred(unreadable.reason)
            log.info("asking the model again", question=question.name, reason=unreadable.reason.value)
            again = [*question.messages]
            if unreadable.content:
                again.append({"role": "assistant", "content": unreadable.content[:_SHOWN_BACK]})
            again.append({"role": "user", "content": question.repair.replace("{fault}", unreadable.fault)})
        try:
            return await self._once(question, again, seed=seed, tally=tally)
        except _Unreadable as unreadable:
            self._telemetry.erred(unreadable.reason)
            raise ModelFailed(unreadable.reason) from None

    async def _once(
        self, question: Question[Value], messages: Sequence[Message], *, seed: int, tally: Tally
    ) -> Reply[Value]:
        completion = await self._complete(question, messages, seed=seed, tally=tally)
        choice = completion.choices[0]
        content = storable(choice.message.content or "")
        if choice.message.refusal or choice.finish_reason == "content_filter":
            reason = Reason.REFUSED if choice.message.refusal else Reason.FILTERED
            self._telemetry.erred(reason)
            raise ModelFailed(reason)
        if choice.finish_reason == "length":
            raise _Unreadable(Reason.TRUNCATED, "it was cut off; use shorter quotes and reasons")
        if not content:
            raise _Unreadable(Reason.EMPTY, "it was empty")
        try:
            value = question.parse(content)
        except Malformed as malformed:
            raise _Unreadable(Reason.MALFORMED, malformed.fault, content) from None
        # What a server makes up as a name is no text for anybody's page.
        said = completion.model or ""
        model = said if MODEL_NAME_PATTERN.fullmatch(said) else self._model
        return Reply(value=value, raw=Raw(model=model, content=content))

    async def _complete(
        self, question: Question[Value], messages: Sequence[Message], *, seed: int, tally: Tally
    ) -> Completion:
        # Each round leaves one thing out, so that this ends.
        for _ in range(len(_OPTIONAL) + len(_FORMATS)):
            options = self._dialect.options(
                name=question.name, schema=question.schema, seed=seed, output_tokens=self._output_tokens
            )
            try:
                return await self._client.complete(messages, model=self._model, options=options, tally=tally)
            except BadRequest as error:
                if not self._dialect.heed(error.complaint, options):
                    break
                log.info(
                    "the model's server takes less",
                    format=self._dialect.formats[0],
                    without=self._dialect.refused,
                )
        self._telemetry.erred(Reason.REJECTED)
        raise ModelFailed(Reason.REJECTED)


class _Unreadable(Exception):
    """An answer that is worth asking for again."""

    def __init__(self, reason: Reason, fault: str, content: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fault = fault
        self.content = content
