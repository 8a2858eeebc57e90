"""Send one completion request to an OpenAI-compatible server, with retries, backoff and a circuit breaker."""

import asyncio
import json
import logging
import math
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import openai
from chassis.http_client import AnswerEncoded, AnswerTooLarge
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.llm.client.circuit_breaker import CircuitBreaker
from analyzer.llm.client.telemetry import ModelTelemetry
from analyzer.llm.prompting.prompt import Message
from analyzer.llm.responses import FailureReason
from analyzer.llm.usage import CallBudget

# Some versions of the library log whole requests at DEBUG, prompts included.
logging.getLogger("openai").setLevel(logging.CRITICAL)

_BACKOFF_SECONDS: Final = 0.5
_MAX_BACKOFF_SECONDS: Final = 8.0
# Range of the jittered pause after which a call that the breaker holds back checks again.
_BREAKER_POLL_SECONDS: Final = (0.1, 0.5)
# Statuses below 500 that another attempt may change, besides 429.
_TRANSIENT: Final = (408, 409, 425)
# More than any model accepts, and small enough that the sum of an analysis fits into its report.
_MAX_TOKENS: Final = 10_000_000
# Start of an error message, enough to name a parameter.
_COMPLAINT_CHARACTERS: Final = 300


class ModelFailed(Exception):
    """The model gave no usable response. The error quotes neither the prompt nor the response."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class BadRequest(Exception):
    """The server does not accept the request; `complaint` is the start of its message in lower case."""

    def __init__(self, complaint: str) -> None:
        super().__init__("the server does not accept the request")
        self.complaint = complaint


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Model):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Model):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Model):
    prompt_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)
    completion_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)


class Completion(_Model):
    """The fields of a completion that are read; servers differ in the others."""

    model: str | None = None
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


class ModelClient:
    """Sends completion requests with a few attempts each, as far as the circuit breaker allows."""

    def __init__(
        self,
        *,
        client: openai.AsyncOpenAI,
        breaker: CircuitBreaker,
        telemetry: ModelTelemetry,
        attempts: int,
        request_seconds: float,
    ) -> None:
        """Create a client.

        Args:
            client: The HTTP client, with `max_retries=0`.
            breaker: The circuit breaker of the provider.
            telemetry: Receives spans and metrics of each attempt.
            attempts: Maximum number of attempts per request.
            request_seconds: Time limit of one attempt as a whole.
        """
        self._client = client
        self._breaker = breaker
        self._telemetry = telemetry
        self._attempts = attempts
        self._request_seconds = request_seconds

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def complete(
        self, messages: Sequence[Message], *, model: str, options: Mapping[str, Any], budget: CallBudget
    ) -> Completion:
        """Request a completion.

        Raises:
            ModelFailed: The attempts or the budget are used up, or the failure is permanent.
            BadRequest: The server does not accept the request as it is.
        """
        while not self._breaker.allows():
            # Wait as long as the budget still covers a whole request: providers often recover soon.
            if budget.seconds_left <= self._request_seconds:
                self._telemetry.count_error(FailureReason.PAUSED)
                raise ModelFailed(FailureReason.PAUSED)
            await asyncio.sleep(random.uniform(*_BREAKER_POLL_SECONDS))  # noqa: S311 - no secret
        try:
            completion = await self._attempt(messages, model=model, options=options, budget=budget)
        except BadRequest:
            # The server responds, so the provider is healthy.
            self._breaker.succeeded()
            raise
        except ModelFailed:
            self._breaker.failed()
            raise
        except BaseException:
            # Usually a cancellation, which says nothing about the provider.
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return completion

    async def _attempt(
        self, messages: Sequence[Message], *, model: str, options: Mapping[str, Any], budget: CallBudget
    ) -> Completion:
        failure = ModelFailed(FailureReason.TIMEOUT)
        for attempt in range(self._attempts):
            if budget.seconds_left <= 0:
                break
            budget.requests += 1
            retry_after: float | None = None
            with self._telemetry.request() as request:
                try:
                    async with asyncio.timeout(min(self._request_seconds, budget.seconds_left)):
                        response = await self._client.chat.completions.with_raw_response.create(
                            messages=list(messages),  # type: ignore[arg-type]  # only role and content
                            model=model,
                            **options,
                        )
                    completion = Completion.model_validate_json(response.http_response.content)
                except (TimeoutError, openai.APITimeoutError):
                    failure = ModelFailed(FailureReason.TIMEOUT)
                except openai.APIStatusError as error:
                    failure = _status_failure(error)
                    retry_after = _retry_after(error.response.headers)
                except openai.APIConnectionError as error:
                    failure = _connection_failure(error)
                except ValidationError:
                    failure = ModelFailed(FailureReason.SERVER_ERROR)
                else:
                    usage = completion.usage or _Usage()
                    budget.input_tokens += usage.prompt_tokens or 0
                    budget.output_tokens += usage.completion_tokens or 0
                    request.succeeded(
                        model=completion.model,
                        finish_reason=completion.choices[0].finish_reason,
                        input_tokens=usage.prompt_tokens or 0,
                        output_tokens=usage.completion_tokens or 0,
                    )
                    return completion
                request.failed(failure.reason)
            pause = _backoff(attempt) if retry_after is None else retry_after
            if attempt + 1 == self._attempts or pause >= budget.seconds_left:
                break
            await asyncio.sleep(pause)
        raise failure from None


def _connection_failure(error: openai.APIConnectionError) -> ModelFailed:
    """Return the failure of an attempt that may be repeated.

    Raises:
        ModelFailed: The response was refused unread; another attempt would cost as much and fail again.
    """
    if isinstance(error.__cause__, AnswerTooLarge):
        raise ModelFailed(FailureReason.TOO_LARGE) from None
    if isinstance(error.__cause__, AnswerEncoded):
        raise ModelFailed(FailureReason.ENCODED) from None
    return ModelFailed(FailureReason.UNREACHABLE)


def _status_failure(error: openai.APIStatusError) -> ModelFailed:
    """Return the failure of an attempt that may be repeated.

    Raises:
        ModelFailed: No other attempt would change the outcome.
        BadRequest: The server does not accept the request as it is.
    """
    if 300 <= error.status_code < 400:
        # Redirects are never followed: only the settings decide where resumes are sent.
        raise ModelFailed(FailureReason.REDIRECTED) from None
    if error.status_code in (400, 422):
        raise BadRequest(_complaint(error)) from None
    if error.status_code == 429 and error.code != "insufficient_quota":
        return ModelFailed(FailureReason.RATE_LIMITED)
    if error.status_code >= 500 or error.status_code in _TRANSIENT:
        return ModelFailed(FailureReason.SERVER_ERROR)
    raise ModelFailed(FailureReason.REJECTED) from None


def _complaint(error: openai.APIStatusError) -> str:
    """Return the parameter that the server names, or else the start of its message, in lower case."""
    body = error.body
    message = body.get("message") or body.get("detail") if isinstance(body, dict) else body
    # The library declares `param` as text, but passes on whatever the server sends.
    named = error.param if isinstance(error.param, str) else ""
    text = named or (message if isinstance(message, str) else json.dumps(message, default=str))
    return text[:_COMPLAINT_CHARACTERS].lower()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks to wait; None without a readable `Retry-After`."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _backoff(attempt: int) -> float:
    """Return the pause before the next attempt, jittered so that retries do not arrive together."""
    longest: float = min(_MAX_BACKOFF_SECONDS, _BACKOFF_SECONDS * 2**attempt)
    return random.uniform(0.5, 1) * longest  # noqa: S311 - no secret
