"""The result of one requirement before it becomes public: outcome, credit, reason and places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.matching import Outcome
from scoring.language.text import Span

# The credit of evidence that lists or claims without showing, and of a passage copied from the job.
LISTED: Final = 0.5
COPIED: Final = 0.3


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome for one requirement. `reason` is a key of the catalogue."""

    outcome: Outcome
    credit: float
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
