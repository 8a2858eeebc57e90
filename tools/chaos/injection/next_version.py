"""A next version of each service, as `serve.py` starts it: events say more, and tables have one more column.

Only what may be done within a major version: a field with a default, and a column that older code need not
know.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from chassis.db.statement import Statement
from contracts.events import AnalysisContext, Event
from sqlalchemy import Column, Text

FIELD: Final = "said_by_the_next_version"
COLUMN: Final = "kept_by_the_next_version"
# By service: its package, and the table that has the column.
TABLES: Final = {
    "request-api": ("request_api", "analysis_details"),
    "results-api": ("results_api", "analysis_views"),
}
# The statements that store a row there; they are made once, by the function of the same name.
_INSERTS: Final = {
    "request-api": ("request_api.storage.requests", "_ADD"),
    "results-api": ("results_api.storage.records", "_LOCK"),
}


def apply(service: str) -> None:
    """Be the next version."""
    # The analyzer writes what it says of an analysis into the event of a report.
    for model in (Event, AnalysisContext):
        model.model_dump_json = _saying_more(model.model_dump_json)  # type: ignore[method-assign]
    if service in TABLES:
        package, table = TABLES[service]
        getattr(import_module(f"{package}.storage.tables"), table).append_column(Column(COLUMN, Text))
        module, name = _INSERTS[service]
        repository = import_module(module)
        if service == "results-api":
            repository._NEW[COLUMN] = "next"
            insert = repository._lock()
        else:
            insert = getattr(repository, name.lower())().values({COLUMN: "next"})
        setattr(repository, name, Statement(insert))


def _saying_more(dump: Callable[..., str]) -> Callable[..., str]:
    def wrapped(event: Any, *arguments: Any, **named: Any) -> str:
        return dump(event, *arguments, **named).replace("{", f'{{"{FIELD}": true, ', 1)

    return wrapped
