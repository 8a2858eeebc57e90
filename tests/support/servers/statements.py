"""The SQL of the services, as their source has it."""

import ast
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, cast

from chassis.db.database import Database
from chassis.db.statement import Statement
from chassis.messaging.outbox import Outbox
from chassis.telemetry.metrics import OutboxMetrics

# What a function that makes statements is called with, by the types of its parameters.
_CHOICES: Final[dict[str, tuple[object, ...]]] = {
    str(bool): (False, True),
    str(frozenset[str]): (frozenset(), frozenset({"statuses", "industry", "candidate_id", "resume_id"})),
}
# The methods by which a connection runs SQL.
_RUNS: Final = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "scalar", "scalars"}


def tables_of(package: str) -> ModuleType:
    """The module with a service's tables and its `GRANTS`."""
    return import_module(f"{package}.storage.tables")


def single_rights(said: str) -> Iterator[str]:
    """'SELECT (a, b), INSERT' is three rights."""
    for right, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", said):
        yield from (f"{right} ({column})" for column in columns.split(", ")) if columns else (right,)


def statements_of(package: str) -> list[tuple[str, str]]:
    """Every `Statement` that a service can run, with where it is."""
    modules = [import_module(name) for name in _modules(package)]
    used = {getattr(value, "__module__", None) for module in modules for value in vars(module).values()}
    modules += [import_module(name) for name in _modules("chassis") if name in used]
    holders: list[tuple[str, object]] = [(module.__name__, module) for module in modules]
    if hasattr(tables_of(package), "outbox"):
        outbox = tables_of(package).outbox
        holders.append(("Outbox", Outbox(table=outbox)))
        holders.append(("OutboxMetrics", OutboxMetrics(database=cast("Database", None), table=outbox)))
    return [
        (f"{where}.{name}", str(statement))
        for where, holder in holders
        for name, value in vars(holder).items()
        for statement in _flat(value)
    ]


def modules_with_other_sql(*packages: str) -> Iterator[str]:
    """Modules that run SQL which `statements_of` does not find."""
    for package in packages:
        for name in _modules(package):
            path = Path(import_module(name).__file__ or "")
            tree = ast.parse(path.read_text(encoding="utf-8"))
            runs = any(_called(node) in _RUNS for node in ast.walk(tree))
            methods = (
                node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.ClassDef)
            )
            makes = any(_called(inner) == "Statement" for each in methods for inner in ast.walk(each))
            if runs or (makes and name not in (Outbox.__module__, OutboxMetrics.__module__)):
                yield name


def _flat(value: object) -> Iterator[Statement]:
    if isinstance(value, Statement):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _flat(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _flat(each)
    elif callable(value) and hasattr(value, "cache_parameters"):
        # Statements that are compiled when they are first needed: with each choice that there is.
        made_by = inspect.signature(value)
        if Statement.__name__ in str(made_by.return_annotation):
            choices = [_CHOICES[str(each.annotation)] for each in made_by.parameters.values()]
            for chosen in itertools.product(*choices):
                yield from _flat(value(**dict(zip(made_by.parameters, chosen, strict=True))))


def _modules(package: str) -> list[str]:
    """All but those that are programs, and the migrations, which run as the owner."""
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    return [each.name for each in found if not re.search(r"\.(__main__|migrations)\b", each.name)]


def _called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None
