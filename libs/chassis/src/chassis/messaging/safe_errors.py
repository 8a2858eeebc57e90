"""Says of an exception what may be written down.

Messages of exceptions quote what was handled: pydantic prints the input, SQLAlchemy the parameters, a
KeyError the key. What was handled are people's documents, so only classes, places and our own sentences are
told.
"""

import traceback
from collections import Counter
from pathlib import Path

from pydantic import ValidationError

from chassis.messaging.consuming.records import PoisonRecord

# Where an exception was raised and the way there: enough to find the line, few enough for a log line.
FRAMES = 6
# A header for a person; longer sentences are cut.
MAX_REASON = 400


def reason_of(error: BaseException) -> str:
    """One line: the class, and the sentence of a PoisonRecord or the kinds of a ValidationError."""
    reason = type(error).__name__
    if isinstance(error, PoisonRecord):
        reason += f": {error}"
        if error.__cause__ is not None:
            reason += f" ({reason_of(error.__cause__)})"
    elif isinstance(error, ValidationError):
        kinds = Counter(item["type"] for item in error.errors(include_input=False, include_context=False))
        reason += ": " + ", ".join(f"{kind} x{count}" for kind, count in kinds.most_common(5))
    # A header and a log line are one line.
    return " ".join(reason.split())[:MAX_REASON]


def places_of(error: BaseException) -> list[str]:
    """The innermost frames, as `file:line function`; no values, no messages."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return ["/".join(Path(frame.filename).parts[-2:]) + f":{frame.lineno} {frame.name}" for frame in frames]
