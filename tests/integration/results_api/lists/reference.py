"""Lists as plain Python computes them, and the parameters that they are compared with."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tests.integration.results_api.lists.generated import TIERS, Row


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The parameters of a list, and who asks for it."""

    user_id: UUID
    sees_everything: bool
    parameters: Mapping[str, str] = field(default_factory=dict)


# Statuses that the word of a filter finds.
_STATUSES: Final = {"failed": ("failed", "cancelled"), "error": ("failed", "cancelled")}
_FILTERS: Final[Mapping[str, Callable[[Row, str], bool]]] = {
    "status": lambda row, value: row.status in _STATUSES.get(value, (value,)),
    "industry": lambda row, value: (
        not row.industry if value == "unspecified" else value in (row.industry, row.stored_industry)
    ),
    "candidate_id": lambda row, value: str(row.candidate_id) == value,
    "min_score": lambda row, value: row.score is not None and row.score >= int(value),
    "max_score": lambda row, value: row.score is not None and row.score <= int(value),
    "tier": lambda row, value: row.tier == value,
    "requested_from": lambda row, value: row.requested_at >= datetime.fromisoformat(value),
    "requested_to": lambda row, value: row.requested_at <= datetime.fromisoformat(value),
    "text": lambda row, value: any(value.lower() in name.lower() for name in (row.name, row.file_name)),
}


def expected(rows: Sequence[Row], wanted: Wanted, collation: Sequence[str]) -> list[UUID]:
    """Return the ids of a whole list. `collation` has the names in lower case in the database's order."""
    parameters = wanted.parameters
    found = [row for row in rows if _is_found(row, wanted)]
    descending = parameters.get("order") != "asc"
    keys: dict[str, Callable[[Row], Any]] = {
        "requested_at": lambda row: row.requested_at,
        "score": lambda row: row.score,
        "candidate_name": lambda row: collation.index(row.name.lower()),
    }
    key = keys[parameters.get("sort") or "requested_at"]
    with_key = [row for row in found if key(row) is not None]
    without = [row for row in found if key(row) is None]
    with_key.sort(key=lambda row: (key(row), row.id), reverse=descending)
    without.sort(key=lambda row: row.id, reverse=descending)
    return [row.id for row in (*with_key, *without)]


def _is_found(row: Row, wanted: Wanted) -> bool:
    is_visible = wanted.sees_everything or row.requested_by == wanted.user_id
    given = {name: value for name, value in wanted.parameters.items() if name in _FILTERS and value}
    return (
        row.status != "erased"
        and is_visible
        and all(_FILTERS[name](row, value) for name, value in given.items())
    )


def every_filter(rows: Sequence[Row], seed: int) -> Iterator[dict[str, str]]:
    """Yield parameters with each filter and each order, alone and combined."""
    values: dict[str, list[str]] = {
        "status": ["pending", "processing", "completed", "failed", "error", "cancelled"],
        "industry": ["general", "consulting", "full_service_consulting", "unspecified", "finance"],
        "candidate_id": [str(rows[0].candidate_id)],
        "min_score": ["0", "60", "61", "100"],
        "max_score": ["0", "60", "99"],
        "tier": [*TIERS],
        "requested_from": ["2026-01-05T00:00:00+00:00", "2026-01-05T09:00:00+09:00"],
        "requested_to": ["2026-01-09T00:00:00+00:00"],
        "text": ["MINA", "山田", "山", "%", "_", "\\", "o'n", "pdf", "müller", "nobody", "e e"],
    }
    orders = [
        {"sort": sort, "order": order}
        for sort in ("requested_at", "score", "candidate_name")
        for order in ("asc", "desc")
    ]
    yield {}
    yield from orders
    for name, each in values.items():
        yield from ({name: value} for value in each)
    chance = random.Random(seed)  # noqa: S311 - for a test
    for _ in range(25):
        names = chance.sample(sorted(values), k=chance.randint(1, 3))
        parameters = {name: chance.choice(values[name]) for name in names}
        if int(parameters.get("min_score", 0)) > int(parameters.get("max_score", 100)):
            del parameters["min_score"]
        yield {**parameters, **chance.choice(orders)}
