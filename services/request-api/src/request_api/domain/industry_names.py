"""Industry names that the legacy backend can read, where it shares the database.

It reads `review_requests.target_industry` into an enumeration of its version, and one name that it does not
know breaks its whole list. So that column holds the nearest name that it knows, and `industry` of
`analysis_details` the name that was requested.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import INDUSTRIES

BEFORE_OCTOBER_2025: Final = frozenset(
    {"strategy_tech", "ma_financial", "consulting", "system_integrator", "general"}
)
SINCE_OCTOBER_2025: Final = frozenset(
    {
        "strategy_consulting",
        "ma_finance",
        "tech_consulting",
        "full_service_consulting",
        "system_integrator",
    }
)
VERSIONS: Final = (BEFORE_OCTOBER_2025, SINCE_OCTOBER_2025)
LEGACY_NAMES: Final = BEFORE_OCTOBER_2025 | SINCE_OCTOBER_2025

# For each name the nearest ones, of either version, the best first.
_NEAREST: Final = {
    "strategy_tech": ("strategy_consulting",),
    "strategy_consulting": ("strategy_tech",),
    "ma_financial": ("ma_finance",),
    "ma_finance": ("ma_financial",),
    "finance": ("ma_finance", "ma_financial"),
    "consulting": ("full_service_consulting",),
    "full_service_consulting": ("consulting",),
    "tech_consulting": ("strategy_tech",),
    "software_engineering": ("system_integrator",),
    "data_ai": ("tech_consulting", "strategy_tech"),
    "general": ("full_service_consulting",),
    "system_integrator": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyBackend:
    """The legacy backend beside us: which names it knows, and as which each industry is stored for it."""

    known: frozenset[str]
    stored: Mapping[str, str]

    @property
    def not_storable(self) -> tuple[str, ...]:
        """Industries for which it knows no name at all."""
        return tuple(name for name in INDUSTRIES if name not in self.stored)


def possible_versions(allowed: Collection[str]) -> list[frozenset[str]]:
    """Return the versions all of whose names the check constraints of the column take."""
    return [version for version in VERSIONS if version <= set(allowed)]


def legacy_backend(*, allowed: Collection[str], newest: str | None) -> LegacyBackend:
    """Tell what the legacy backend knows, from its database.

    Args:
        allowed: the names of `LEGACY_NAMES` that the check constraints of the column take.
        newest: in the newest row that it wrote itself, a name that only one version knows; None without one.
    """
    possible = possible_versions(allowed)
    if len(possible) > 1 and newest is not None:
        possible = [version for version in possible if newest in version]
    # Names of all versions that it may have; where none fits as a whole, what the constraints take.
    known = frozenset.intersection(*possible) if possible else frozenset(allowed)
    stored = {}
    for name in INDUSTRIES:
        # Any known name is better than a list that breaks; an unknown version knows only the last.
        nearest = (name, *_NEAREST[name], "system_integrator")
        readable = [each for each in nearest if each in known]
        if readable:
            stored[name] = readable[0]
    return LegacyBackend(known=known, stored=stored)
