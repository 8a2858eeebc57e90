"""Send one completion request to an OpenAI-compatible server, with retries, backoff and a circuit breaker."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

import openai
from chassis.http_client import AnswerEncoded, AnswerTooLarge
from pydantic import ValidationError

from analyzer.llm.client.circuit_breaker import CircuitBreaker
from analyzer.llm.client.completion import Completion, error_in
from analyzer.llm.client.refusals import (
    SERVER_ERROR,
    BadRequest,
    ModelFailed,
    failure_of,
    parse_error,
    retry_after,
    status_of,
)
from analyzer.llm.client.slots import Call
from analyzer.llm.client.telemetry import ModelTelemetry, RequestRecord
from analyzer.llm.prompting.prompt import Message
from analyzer.llm.responses import FailureReason
from analyzer.llm.usage import CallBudget

# Some versions of the library log whole requests at DEBUG, prompts included.
logging.getLogger("openai").setLevel(logging.CRITICAL)

_BACKOFF_SECONDS: Final = 0.5
_MAX_BACKOFF_SECONDS: Final = 8.0
# Range of the jittered pause after which a call that the breaker holds back checks again.
_BREAKER_POLL_SECONDS: Final = (0.1, 0.5)


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
        self.attempts = attempts
        self._request_seconds = request_seconds

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        model: str,
        options: Mapping[str, Any],
        attempts: int,
        call: Call,
        budget: CallBudget,
    ) -> Completion:
        """Request a completion.

        Raises:
            ModelFailed: The attempts or the time are used up, or the failure is permanent.
            BadRequest: The server does not accept the request as it is.
        """
        while not self._breaker.allows():
            # Wait as long as a whole request still fits into the time: providers often recover soon.
            if call.seconds_left <= self._request_seconds:
                self._telemetry.count_error(FailureReason.PAUSED)
                raise ModelFailed(FailureReason.PAUSED)
            await call.rest(random.uniform(*_BREAKER_POLL_SECONDS))  # noqa: S311 - no secret
        if call.seconds_left <= 0:
            # Nothing was sent, which says nothing about the provider.
            self._breaker.abandoned()
            raise ModelFailed(FailureReason.TIMEOUT)
        try:
            completion = await self._attempt(
                messages, model=model, options=options, attempts=attempts, call=call, budget=budget
            )
        except BadRequest as refusal:
            if refusal.status == SERVER_ERROR:
                self._breaker.abandoned()
                await asyncio.sleep(min(_backoff(0), max(0.0, call.seconds_left)))
            else:
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
        self,
        messages: Sequence[Message],
        *,
        model: str,
        options: Mapping[str, Any],
        attempts: int,
        call: Call,
        budget: CallBudget,
    ) -> Completion:
        # With attempts left, a server error may be about the format, and the caller changes it.
        has_format = "response_format" in options and attempts > 1
        failure = ModelFailed(FailureReason.TIMEOUT)
        for attempt in range(attempts):
            if attempt and call.seconds_left <= 0:
                break
            budget.requests += 1
            pause = _backoff(attempt)
            with self._telemetry.request() as request:
                try:
                    async with asyncio.timeout(min(self._request_seconds, call.seconds_left)):
                        response = await self._client.chat.completions.with_raw_response.create(
                            messages=list(messages),  # type: ignore[arg-type]  # only role and content
                            model=model,
                            **options,
                        )
                    body = response.http_response.content
                    if error := error_in(body):
                        failure = failure_of(status_of(error), error, has_format=has_format)
                    else:
                        completion = Completion.model_validate_json(body)
                        self._record(completion, request, budget)
                        return completion
                except (TimeoutError, openai.APITimeoutError):
                    budget.unmetered += 1
                    failure = ModelFailed(FailureReason.TIMEOUT)
                except openai.APIStatusError as error:
                    answer = error.response
                    failure = failure_of(
                        error.status_code, parse_error(answer.content), has_format=has_format
                    )
                    asked = retry_after(answer.headers)
                    pause = pause if asked is None else asked
                except openai.APIConnectionError as error:
                    failure = _connection_failure(error)
                except ValidationError:
                    budget.unmetered += 1
                    failure = ModelFailed(FailureReason.SERVER_ERROR)
                request.failed(failure.reason)
            if attempt + 1 == attempts or pause >= call.seconds_left:
                break
            await asyncio.sleep(pause)
        raise failure from None

    def _record(self, completion: Completion, request: RequestRecord, budget: CallBudget) -> None:
        usage = completion.usage
        budget.add(input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens)
        request.succeeded(
            model=completion.model,
            finish_reason=completion.choices[0].finish_reason,
            input_tokens=usage.prompt_tokens or 0,
            output_tokens=usage.completion_tokens or 0,
        )


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


def _backoff(attempt: int) -> float:
    """Return the pause before the next attempt, jittered so that retries do not arrive together."""
    longest: float = min(_MAX_BACKOFF_SECONDS, _BACKOFF_SECONDS * 2**attempt)
    return random.uniform(0.5, 1) * longest  # noqa: S311 - no secret
