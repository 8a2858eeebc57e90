"""Checks the invariants I1 to I14 against the evidence of a run; docs/reliability.md states them.

The invariants cover every analysis that was ever committed, not only those that were confirmed to a client.
Missing evidence is a violation.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tools.chaos.checker import databases, durability, model_calls, observed, other_routes, running, topics
from tools.chaos.checker.lookup import ENDS, Findings, accepted_ids, grouped, public_statuses
from tools.chaos.evidence.rows import Evidence

# The number of violations of each invariant in a report.
_SHOWN: Final = 10

INVARIANTS: Final[dict[str, Callable[[Evidence], Findings]]] = {
    "evidence": running.sufficient,
    "I1": databases.i1_one_row_one_end,
    "I2": databases.i2_once_a_key,
    "I3": databases.i3_one_result,
    "I4": observed.i4_never_back,
    "I5": topics.i5_outbox_and_topics_agree,
    "I6": topics.i6_version_order,
    "I7": topics.i7_effect_before_offset,
    "I8": model_calls.i8_model_calls,
    "I9": databases.i9_account,
    "I10": observed.i10_completed_has_result,
    "I11": running.i11_no_canary,
    "I12": running.i12_drained,
    "I13": durability.i13_durable,
    "I14": other_routes.i14_other_routes,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A violation of an `invariant` such as I1: what is wrong, and which analysis or part is concerned."""

    invariant: str
    what: str
    subject: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what} [{self.subject}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Numbers of analyses: `lost` ones did not end, `duplicated` ones took effect more than once."""

    accepted: int
    terminal: int
    lost: int
    duplicated: int


def check(evidence: Evidence) -> list[Violation]:
    """Return all violations. One of "evidence" means that the absence of others proves little."""
    return [
        Violation(invariant=name, what=what, subject=subject)
        for name, invariant in INVARIANTS.items()
        for what, subject in invariant(evidence)
    ]


def report(violations: Iterable[Violation]) -> str:
    """Return the number of violations of each invariant, and the first of them."""
    found = grouped(violations, lambda each: each.invariant)
    lines = [f"{name}: {len(several)} violations" for name, several in found.items()]
    return "\n".join([*lines, *(str(each) for several in found.values() for each in several[:_SHOWN])])


def summary(evidence: Evidence) -> Summary:
    """Count the accepted analyses by what became of them."""
    accepted = accepted_ids(evidence)
    terminal = {view.analysis_id for view in evidence.views if view.status in ENDS}
    results = Counter(result.review_request_id for result in evidence.results)
    rows = Counter(row.id for row in evidence.requests)
    ends = Counter(each.key for each in public_statuses(evidence) if each.status in ENDS - {"erased"})
    twice = {key for counted in (results, rows, ends) for key, count in counted.items() if count > 1}
    return Summary(
        accepted=len(accepted),
        terminal=len(accepted & terminal),
        lost=len(accepted - terminal),
        duplicated=len(twice),
    )
