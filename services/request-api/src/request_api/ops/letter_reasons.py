"""What the reason of a dead letter means, and what to do."""

import re
from typing import Final

_KNOWN: Final = (
    (
        r"PoisonRecord: the record has no value\b",
        "Somebody wrote a record without a value, which is no event: drop it, and find who wrote it.",
    ),
    (
        r"PoisonRecord: the record is no CloudEvent\b",
        "Its headers are not those of our events, so a foreign program wrote it: drop it, and find which.",
    ),
    (
        r"PoisonRecord: the event's type is unknown\b",
        "Its writer is newer than this consumer, or foreign: deploy the newer consumer, then replay; else drop.",
    ),
    (
        r"PoisonRecord: .* does not fit at:",
        "Its writer does not keep to the contract at these fields: mend whichever is wrong; replay it if the "
        "consumer was, else drop it and have it sent anew (reemit).",
    ),
    (
        r"PoisonRecord: the event does not belong on this topic\b",
        "It is one of our events, on the wrong topic: drop it, and find who wrote it there.",
    ),
    (
        r"PoisonRecord: The key, a header or the timestamp cannot be decoded\.",
        "It is broken or foreign, for all that we write is UTF-8: drop it, and find who wrote it.",
    ),
    (
        r"PoisonRecord: The value has \d+ bytes, more than \d+\.",
        "It is larger than anything our services write: drop it, and find who wrote it.",
    ),
    (
        r"[A-Za-z_]+(: .*)?$",
        "Its handler failed again and again, so a bug is likely: the consumer's log has the place (\"a record "
        'went to the dead letters"); mend it, deploy, then replay.',
    ),
)


def advice(reason: str) -> str | None:
    """One sentence or two; None for what no service of ours writes."""
    return next((sentence for pattern, sentence in _KNOWN if re.match(pattern, reason)), None)
