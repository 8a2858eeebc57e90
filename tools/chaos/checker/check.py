"""Decides from the evidence of a run whether the invariants I1 to I13 held; docs/reliability.md states them.

The invariants look at every analysis that was ever committed, not only at those that a client was told of,
and report what they need and do not find: silence is no consent.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tools.chaos.checker import databases, durability, observed, running, topics
from tools.chaos.checker.lookup import ENDS, Found, accepted_ids, grouped, told
from tools.chaos.evidence.rows import Evidence

# Of each invariant, in a report.
_SHOWN: Final = 10

INVARIANTS: Final[dict[str, Callable[[Evidence], Found]]] = {
    "evidence": running.sufficient,
    "I1": databases.i1_one_row_one_end,
    "I2": databases.i2_once_a_key,
    "I3": databases.i3_one_result,
    "I4": observed.i4_never_back,
    "I5": topics.i5_outbox_and_topics_agree,
    "I6": topics.i6_version_order,
    "I7": topics.i7_effect_before_offset,
    "I8": running.i8_model_calls,
    "I9": databases.i9_account,
    "I10": observed.i10_completed_has_result,
    "I11": running.i11_no_canary,
    "I12": running.i12_drained,
    "I13": durability.i13_durable,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A broken promise: the `invariant` as in I1, what is wrong, and whom it concerns."""

    invariant: str
    what: str
    subject: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what} [{self.subject}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of analyses: `lost` were accepted and did not end, `duplicated` took effect more than once."""

    accepted: int
    terminal: int
    lost: int
    duplicated: int


def check(evidence: Evidence) -> list[Violation]:
    """All that is wrong, by invariant; a violation of "evidence" says that the rest proves little."""
    return [
        Violation(invariant=name, what=what, subject=subject)
        for name, invariant in INVARIANTS.items()
        for what, subject in invariant(evidence)
    ]


def report(violations: Iterable[Violation]) -> str:
    """How many there are of each invariant, and the first of them."""
    found = grouped(violations, lambda each: each.invariant)
    lines = [f"{name}: {len(those)} violations" for name, those in found.items()]
    return "\n".join([*lines, *(str(each) for those in found.values() for each in those[:_SHOWN])])


def summary(evidence: Evidence) -> Summary:
    """Count what was accepted and what became of it."""
    accepted = accepted_ids(evidence)
    terminal = {view.analysis_id for view in evidence.views if view.status in ENDS}
    results = Counter(result.review_request_id for result in evidence.results)
    rows = Counter(row.id for row in evidence.requests)
    ends = Counter(each.key for each in told(evidence) if each.status in ENDS - {"erased"})
    twice = {key for counted in (results, rows, ends) for key, count in counted.items() if count > 1}
    return Summary(
        accepted=len(accepted),
        terminal=len(accepted & terminal),
        lost=len(accepted - terminal),
        duplicated=len(twice),
    )
