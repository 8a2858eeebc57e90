"""Patches a service into its next version: events have one more field, and tables one more column.

These are changes that a minor version may make: a field with a default, and a column that older code ignores.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from chassis.db.statement import Statement
from contracts.events import AnalysisContext, Event
from sqlalchemy import Column, Text

FIELD: Final = "field_of_the_next_version"
COLUMN: Final = "column_of_the_next_version"
# The package of a service and its table with the new column.
TABLES: Final = {
    "request-api": ("request_api", "analysis_details"),
    "results-api": ("results_api", "analysis_views"),
}
# The statements that insert into these tables; each is built once, by the function of the same name.
_INSERTS: Final = {
    "request-api": ("request_api.storage.analyses", "_ADD"),
    "results-api": ("results_api.storage.analyses", "_LOCK"),
}


def apply(service: str) -> None:
    """Patch the current process."""
    # The analyzer embeds the serialized context of an analysis in the event of a report.
    for model in (Event, AnalysisContext):
        model.model_dump_json = _add_field(model.model_dump_json)  # type: ignore[method-assign]
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


def _add_field(dump: Callable[..., str]) -> Callable[..., str]:
    def wrapped(event: Any, *arguments: Any, **named: Any) -> str:
        return dump(event, *arguments, **named).replace("{", f'{{"{FIELD}": true, ', 1)

    return wrapped
