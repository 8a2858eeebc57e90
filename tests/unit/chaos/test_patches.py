"""The methods that failpoints, broken builds and the next version patch still exist in the product."""

import re
from importlib import import_module
from inspect import getsource
from pkgutil import resolve_name

import pytest

from tools.chaos.broken_builds import builds
from tools.chaos.injection import next_version
from tools.chaos.injection.failpoints import POINTS

WRAPPED = sorted(set(re.findall(r'_wrap\(\s*"([\w.]+:[\w.]+)"', getsource(builds))))


@pytest.mark.parametrize("name", POINTS)
def test_method_of_failpoint_exists(name: str) -> None:
    point = POINTS[name]
    assert callable(getattr(resolve_name(point.owner), point.method))


@pytest.mark.parametrize("place", WRAPPED)
def test_function_of_broken_build_exists(place: str) -> None:
    assert callable(resolve_name(place))


def test_insert_statements_of_the_next_version_exist() -> None:
    for service, (package, table) in next_version.TABLES.items():
        assert hasattr(import_module(f"{package}.storage.tables"), table)
        module, name = next_version._INSERTS[service]
        assert hasattr(import_module(module), name)
        assert callable(getattr(import_module(module), name.lower()))
    assert isinstance(import_module(next_version._INSERTS["results-api"][0])._NEW, dict)
