"""One completion from an OpenAI-compatible server, with what to do when it does not come."""

import asyncio
import json
import logging
import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import openai
from chassis.http_client import AnswerEncoded, AnswerTooLarge
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.llm.client.breaker import Breaker
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.answered import Reason
from analyzer.llm.prompting.prompt import Message

# Other versions of the library log whole requests at DEBUG, prompts included; 3.54 does not.
logging.getLogger("openai").setLevel(logging.CRITICAL)

_BACKOFF_SECONDS: Final = 0.5
_BACKOFF_MOST: Final = 8.0
# How often a call that the breaker holds back looks again; jittered, as many may wait.
_LOOK_AGAIN_SECONDS: Final = (0.1, 0.5)
# Answers that a later attempt may improve on.
_PASSING: Final = (408, 409, 425, 429)


class ModelFailed(Exception):
    """No usable answer; holds no text of anybody's."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class BadRequest(Exception):
    """The server does not take the request as it is; `complaint` is what it says, lower case and short."""

    def __init__(self, complaint: str) -> None:
        super().__init__("the server does not take the request")
        self.complaint = complaint


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Lenient):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Lenient):
    message: _Message
    finish_reason: str | None = None


# More than any model takes, and little enough that the sum of an analysis fits into its report.
_MAX_TOKENS: Final = 10_000_000


class _Usage(_Lenient):
    prompt_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)
    completion_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)


class Completion(_Lenient):
    """What is read of an answer; servers differ in all else."""

    model: str | None = None
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


@dataclass(slots=True)
class Tally:
    """What an analysis asked of the provider so far; `until` (monotonic) is when its time is up."""

    until: float
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def seconds_left(self) -> float:
        return self.until - time.monotonic()


class ModelClient:
    """Makes calls, a few attempts each; whether they are made at all is the breaker's to say."""

    def __init__(
        self,
        *,
        client: openai.AsyncOpenAI,
        breaker: Breaker,
        telemetry: ModelTelemetry,
        attempts: int,
        request_seconds: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`client` has `max_retries=0`; `request_seconds` is for one attempt as a whole."""
        self._client = client
        self._breaker = breaker
        self._telemetry = telemetry
        self._attempts = attempts
        self._request_seconds = request_seconds
        self._sleep = sleep

    async def close(self) -> None:
        await self._client.close()

    async def complete(
        self, messages: Sequence[Message], *, model: str, options: Mapping[str, Any], tally: Tally
    ) -> Completion:
        """Raises `ModelFailed` when attempts or time ran out, the latter perhaps while the breaker was open;
        `BadRequest` at once."""
        while not self._breaker.allows():
            # As long as there is time for a whole request: a provider is often back soon.
            if tally.seconds_left <= self._request_seconds:
                self._telemetry.erred(Reason.PAUSED)
                raise ModelFailed(Reason.PAUSED)
            await self._sleep(random.uniform(*_LOOK_AGAIN_SECONDS))  # noqa: S311 - no secret
        try:
            completion = await self._attempt(messages, model=model, options=options, tally=tally)
        except BadRequest:
            # It answers: nothing is wrong with the server.
            self._breaker.succeeded()
            raise
        except ModelFailed:
            self._breaker.failed()
            raise
        except BaseException:
            # Cancelled, most likely: that tells nothing.
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return completion

    async def _attempt(
        self, messages: Sequence[Message], *, model: str, options: Mapping[str, Any], tally: Tally
    ) -> Completion:
        failed = ModelFailed(Reason.TIMEOUT)
        for attempt in range(self._attempts):
            if tally.seconds_left <= 0:
                break
            tally.requests += 1
            asked_to_wait: float | None = None
            with self._telemetry.request() as request:
                try:
                    async with asyncio.timeout(min(self._request_seconds, tally.seconds_left)):
                        answer = await self._client.chat.completions.with_raw_response.create(
                            messages=list(messages),  # type: ignore[arg-type]  # role and content are all that is in them
                            model=model,
                            **options,
                        )
                    completion = _read(answer.http_response.content, tally)
                except (TimeoutError, openai.APITimeoutError):
                    failed = ModelFailed(Reason.TIMEOUT)
                except openai.APIStatusError as error:
                    failed = _of_status(error)
                    asked_to_wait = _asked_to_wait(error.response.headers)
                except openai.APIConnectionError as error:
                    failed = _of_connection(error)
                except ValidationError:
                    failed = ModelFailed(Reason.SERVER_ERROR)
                else:
                    usage = completion.usage or _Usage()
                    request.answered(
                        model=completion.model,
                        finish=completion.choices[0].finish_reason,
                        input_tokens=usage.prompt_tokens or 0,
                        output_tokens=usage.completion_tokens or 0,
                    )
                    return completion
                request.failed(failed.reason)
            pause = _backoff(attempt) if asked_to_wait is None else asked_to_wait
            if attempt + 1 < self._attempts and pause < tally.seconds_left:
                await self._sleep(pause)
            else:
                break
        raise failed from None


def _read(content: bytes, tally: Tally) -> Completion:
    completion = Completion.model_validate_json(content)
    if completion.usage:
        tally.input_tokens += completion.usage.prompt_tokens or 0
        tally.output_tokens += completion.usage.completion_tokens or 0
    return completion


def _of_connection(error: openai.APIConnectionError) -> ModelFailed:
    """Return the failure to remember if no attempt is left.

    Raises:
        ModelFailed: the server answered what is not read; another attempt would be paid for, too.
    """
    if isinstance(error.__cause__, AnswerTooLarge):
        raise ModelFailed(Reason.TOO_LARGE) from None
    if isinstance(error.__cause__, AnswerEncoded):
        raise ModelFailed(Reason.ENCODED) from None
    return ModelFailed(Reason.UNREACHABLE)


def _of_status(error: openai.APIStatusError) -> ModelFailed:
    """The failure to remember if no attempt is left; raises at once what no other attempt would change."""
    if 300 <= error.status_code < 400:
        # Wherever it points: nothing but the settings decides where resumes are sent.
        raise ModelFailed(Reason.REDIRECTED) from None
    if error.status_code in (400, 422):
        raise BadRequest(_complaint(error)) from None
    if error.status_code == 429 and error.code != "insufficient_quota":
        return ModelFailed(Reason.RATE_LIMITED)
    if error.status_code >= 500 or (error.status_code in _PASSING and error.status_code != 429):
        return ModelFailed(Reason.SERVER_ERROR)
    raise ModelFailed(Reason.REJECTED) from None


def _complaint(error: openai.APIStatusError) -> str:
    """The parameter that the server names; else the beginning of what it says."""
    body = error.body
    said = body.get("message") or body.get("detail") if isinstance(body, dict) else body
    # Declared as text; it is whatever the server sends.
    named = error.param if isinstance(error.param, str) else ""
    text = named or (said if isinstance(said, str) else json.dumps(said, default=str))
    return text[:300].lower()


def _asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds; None where the server does not say, or says what cannot be read."""
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        try:
            when = parsedate_to_datetime(said)
        except ValueError:
            return None
        seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _backoff(attempt: int) -> float:
    """Jittered, so that jobs that failed together do not come back together."""
    longest: float = min(_BACKOFF_MOST, _BACKOFF_SECONDS * 2**attempt)
    return random.uniform(0.5, 1) * longest  # noqa: S311 - no secret
