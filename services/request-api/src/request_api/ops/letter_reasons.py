"""What the reason of a dead letter means, and what to do."""

import re
from typing import Final

_FIND_WRITER: Final = "drop it, and find who wrote it"

_KNOWN: Final = {
    r"PoisonRecord: the record has no value\b": f"A record without a value is no event: {_FIND_WRITER}.",
    r"PoisonRecord: the record is no CloudEvent\b": (
        f"Its headers are not those of our events, so the writer is a foreign program: {_FIND_WRITER}."
    ),
    r"PoisonRecord: the event's type is unknown\b": (
        "Its writer is newer than this consumer, or foreign: deploy the newer consumer, then replay it; "
        "else drop it."
    ),
    r"PoisonRecord: .* does not fit at:": (
        "Its writer and this consumer disagree about these fields: where the consumer was wrong, mend it and "
        "replay the letter; else drop it, and have the analysis emitted again (reemit)."
    ),
    r"PoisonRecord: the event does not belong on this topic\b": (
        f"It is one of our events, on the wrong topic: {_FIND_WRITER} there."
    ),
    r"PoisonRecord: The key, a header or the timestamp cannot be decoded\.": (
        f"All that we write is UTF-8, so it is broken or foreign: {_FIND_WRITER}."
    ),
    r"PoisonRecord: The value has \d+ bytes, more than \d+\.": (
        f"It is larger than anything that our services write: {_FIND_WRITER}."
    ),
    r"(?!PoisonRecord)[A-Za-z_]+(: .*)?$": (
        "Its handler failed again and again, so a bug is likely: the consumer's log has the place "
        "(a record went to the dead letters); mend it, deploy, then replay the letter."
    ),
}


def advice(reason: str) -> str | None:
    """One sentence or two; None for what no service of ours writes."""
    return next((sentence for pattern, sentence in _KNOWN.items() if re.match(pattern, reason)), None)
