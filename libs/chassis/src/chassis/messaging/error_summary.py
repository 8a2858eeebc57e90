"""Summaries of exceptions that are safe to log.

The message of an exception may quote its input: pydantic prints the input, SQLAlchemy the parameters, a
KeyError the key. The input here is people's documents, so a summary holds only classes, code locations and
the messages of `PoisonRecord`.
"""

import traceback
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from chassis.messaging.consuming.records import PoisonRecord

# Enough to find the line, few enough for a log line.
FRAMES = 6
# A Kafka header that people read; longer sentences are cut.
MAX_REASON = 400


def summarize_error(error: BaseException) -> str:
    """Return one line: the class, and the message of a PoisonRecord or the kinds of a ValidationError."""
    reason = type(error).__name__
    if isinstance(error, PoisonRecord):
        reason += f": {error}"
        if error.__cause__ is not None:
            reason += f" ({summarize_error(error.__cause__)})"
    elif isinstance(error, ValidationError):
        kinds = Counter(item["type"] for item in error.errors(include_input=False, include_context=False))
        reason += ": " + ", ".join(f"{kind} x{count}" for kind, count in kinds.most_common(5))
    return " ".join(reason.split())[:MAX_REASON]


def error_locations(error: BaseException) -> list[str]:
    """Return the innermost frames as `file:line function`, without values and messages."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return ["/".join(Path(frame.filename).parts[-2:]) + f":{frame.lineno} {frame.name}" for frame in frames]


def error_fields(error: BaseException) -> dict[str, str | list[str]]:
    """Return the summary and the locations as fields of a log line."""
    return {"reason": summarize_error(error), "places": error_locations(error)}
