"""Classify the errors of a model server: to repeat, to ask in another way, or final."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from analyzer.llm.responses import FailureReason

# Statuses below 500 that another attempt may change, besides 429.
_TRANSIENT: Final = (408, 409, 425)
# Statuses that may be about an option of the request rather than about the server or the key.
_NEGOTIABLE: Final = (400, 402, 404, 413, 422, 501)
SERVER_ERROR: Final = 500
# Length of an error's text that is read, enough to name a parameter or a limit.
_COMPLAINT_CHARACTERS: Final = 1_000
# Fields of an error that quote the request or the output instead of describing the problem.
_QUOTING_FIELDS: Final = ("failed_generation", "input")
# Fields of an error whose numbers are no limits: they classify the error.
_CODE_FIELDS: Final = ("code", "error_code", "status", "status_code", "statuscode", "http_status")


class ModelFailed(Exception):
    """The model gave no usable response. The error quotes neither the prompt nor the response."""

    def __init__(self, reason: FailureReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class BadRequest(Exception):
    """The server does not accept the request as it is.

    `complaint` is what the server says, in lower case, and `param` the parameter that it names. Both may
    be empty.
    """

    def __init__(self, status: int, complaint: str = "", param: str = "") -> None:
        super().__init__("the server does not accept the request")
        self.status = status
        self.complaint = complaint
        self.param = param


def failure_of(status: int, error: object, *, has_format: bool) -> ModelFailed:
    """Return the failure of an attempt that may be repeated.

    Args:
        status: The status of the error.
        error: What the server sent, parsed.
        has_format: Whether the request asked for a format, which some servers answer with 500.

    Raises:
        ModelFailed: No other attempt would change the outcome.
        BadRequest: The server may accept the request in another form.
    """
    if 300 <= status < 400:
        # Redirects are never followed: only the settings decide where resumes are sent.
        raise ModelFailed(FailureReason.REDIRECTED) from None
    if status in _NEGOTIABLE or (status == SERVER_ERROR and has_format):
        raise _bad_request(status, error) from None
    if status == 429 and "insufficient_quota" not in _text(error):
        return ModelFailed(FailureReason.RATE_LIMITED)
    if status >= SERVER_ERROR or status in _TRANSIENT:
        return ModelFailed(FailureReason.SERVER_ERROR)
    raise ModelFailed(FailureReason.REJECTED) from None


def status_of(error: object) -> int:
    """Return the status that an error within a successful response stands for; 500 if it names none."""
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isdecimal():
        code = int(code[:4])
    return code if isinstance(code, int) and 400 <= code < 600 else SERVER_ERROR


def retry_after(headers: Mapping[str, str]) -> float | None:
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


def parse_error(body: bytes) -> object:
    """Return the error in a body: parsed JSON, or its text."""
    text = body.decode(errors="replace")
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    # Gemini sends a list of one error.
    return value[0] if isinstance(value, list) and value else value


def _bad_request(status: int, error: object) -> BadRequest:
    param = ""
    if isinstance(error, dict):
        inner = error.get("error")
        found = (inner if isinstance(inner, dict) else error).get("param")
        # Declared as text, but servers send whatever they like.
        param = found.lower() if isinstance(found, str) else ""
    return BadRequest(status, _text(error), param)


def _text(error: object) -> str:
    return " ".join(_texts(error))[:_COMPLAINT_CHARACTERS].lower()


def _texts(value: object, name: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the texts of an error, and its numbers with their names, but not those of its class."""
    if name in _QUOTING_FIELDS or depth > 8:
        return
    if name.lower() in _CODE_FIELDS and (not isinstance(value, str) or value.strip().isdecimal()):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        yield f"{name} {value}"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, str(key), depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, name, depth + 1)
