"""Industry names that the legacy backend can read, if it shares the database.

The legacy backend reads `review_requests.target_industry` into an enumeration, and one unknown name breaks
its whole list. That column therefore holds the nearest name that it knows, and `analysis_details.industry`
the name that was requested.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import INDUSTRIES, ReportLanguage

from request_api.domain.errors import IndustryNotStorable

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

# Nearest names of either version for each industry, best first.
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
    """The names that the legacy backend knows, and the name under which each industry is stored for it."""

    known: frozenset[str]
    stored: Mapping[str, str]

    def stored_name(self, industry: str) -> str:
        """Return the name under which an industry is stored. Raises IndustryNotStorable."""
        if industry not in self.stored:
            raise IndustryNotStorable
        return self.stored[industry]

    @property
    def not_storable(self) -> tuple[str, ...]:
        """Industries that cannot be stored because the database allows no name for them."""
        return tuple(name for name in INDUSTRIES if name not in self.stored)


def default_report_language(legacy_backend: LegacyBackend | None) -> ReportLanguage:
    """Return the language of reports if neither the request nor the deployment names one.

    The pages of the legacy backend's frontend are Japanese.
    """
    return ReportLanguage.RESUME if legacy_backend is None else ReportLanguage.JAPANESE


def possible_versions(allowed: Collection[str]) -> list[frozenset[str]]:
    """Return the versions whose names are all allowed by the check constraints of the column."""
    return [version for version in VERSIONS if version <= set(allowed)]


def legacy_backend(*, allowed: Collection[str], newest: str | None) -> LegacyBackend:
    """Return what the legacy backend knows, as far as its database shows it.

    Args:
        allowed: the names of `LEGACY_NAMES` that the check constraints of the column allow.
        newest: the newest name in its own rows that only one version knows, or None without such a row.
    """
    possible = possible_versions(allowed)
    if len(possible) > 1 and newest is not None:
        possible = [version for version in possible if newest in version]
    # Names common to all versions that it may have. If no version fits, all names that are allowed.
    known = frozenset.intersection(*possible) if possible else frozenset(allowed)
    stored = {}
    for name in INDUSTRIES:
        # Any known name is better than a broken list. An unknown version knows only the last one.
        nearest = (name, *_NEAREST[name], "system_integrator")
        readable = [each for each in nearest if each in known]
        if readable:
            stored[name] = readable[0]
    return LegacyBackend(known=known, stored=stored)
