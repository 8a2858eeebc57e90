"""Finds the SQL statements of the services in their modules."""

import ast
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, cast

from chassis.db.database import Database
from chassis.db.statement import Statement
from chassis.messaging.outbox import Outbox
from chassis.messaging.outbox_metrics import OutboxMetrics
from results_api.domain.listing import Sort
from results_api.storage.lists import FILTERS, After

# Arguments for functions that build statements, by the annotation of the parameter.
_CHOICES: Final[dict[str, tuple[object, ...]]] = {
    str(bool): (False, True),
    str(frozenset[str]): (frozenset(), FILTERS),
    # The tables of a list do not depend on them.
    str(Sort): (Sort.SCORE,),
    str(After): (After.KEY,),
}
# The methods by which a connection runs SQL.
_RUNS: Final = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "scalar", "scalars"}


def tables_of(package: str) -> ModuleType:
    """Return the module with a service's tables and its `GRANTS`."""
    return import_module(f"{package}.storage.tables")


def single_rights(rights: str) -> Iterator[str]:
    """Split a list of rights: 'SELECT (a, b), INSERT' is three rights."""
    for right, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", rights):
        yield from (f"{right} ({column})" for column in columns.split(", ")) if columns else (right,)


def statements_of(package: str) -> list[tuple[str, str]]:
    """Return the qualified name and the SQL of every `Statement` that a service can run."""
    modules = [import_module(name) for name in _modules(package)]
    used = {getattr(value, "__module__", None) for module in modules for value in vars(module).values()}
    modules += [import_module(name) for name in _modules("chassis") if name in used]
    holders: list[tuple[str, object]] = [(module.__name__, module) for module in modules]
    if hasattr(tables_of(package), "outbox"):
        outbox = tables_of(package).outbox
        holders.append(("Outbox", Outbox(table=outbox, encode=cast("Any", None))))
        holders.append(("OutboxMetrics", OutboxMetrics(database=cast("Database", None), table=outbox)))
    return [
        (f"{where}.{name}", str(statement))
        for where, holder in holders
        for name, value in vars(holder).items()
        for statement in _flat(value)
    ]


def modules_with_other_sql(*packages: str) -> Iterator[str]:
    """Yield modules that run SQL which `statements_of` does not find."""
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
        # A cached function that builds statements on first use: call it with every combination of arguments.
        made_by = inspect.signature(value)
        if Statement.__name__ in str(made_by.return_annotation):
            choices = [_CHOICES[str(each.annotation)] for each in made_by.parameters.values()]
            for chosen in itertools.product(*choices):
                yield from _flat(value(**dict(zip(made_by.parameters, chosen, strict=True))))


def _modules(package: str) -> list[str]:
    """Return all modules but programs and migrations; the latter run as the owner."""
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    return [each.name for each in found if not re.search(r"\.(__main__|migrations)\b", each.name)]


def _called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None
