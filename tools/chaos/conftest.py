"""Fixtures of the fault suite. All tests share one stack, which is reset between runs.

Run it with `make chaos`; `make chaos ARGS="-k postgres_killed"` runs one fault.
The last line of the output sums up all runs.
"""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import pytest
from local_stack.paths import LOCAL

from tools.chaos.checker.check import report
from tools.chaos.run import DRAIN_SECONDS, LONG, SHORT, Figures, Run, Scale, Verdict
from tools.chaos.stack.chaos_stack import ChaosStack

_TOTAL = pytest.StashKey[Figures]()
_EACH = pytest.StashKey[dict[str, Figures]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TOTAL] = Figures()
    config.stash[_EACH] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the kills last. They keep both cores busy, and the tests that CI runs beside have ended by then."""
    items.sort(key=lambda item: item.path.name.endswith("_kills.py"))


@pytest.fixture(scope="session")
def scale() -> Scale:
    return LONG if os.environ.get("CHAOS") == "long" else SHORT


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ChaosStack]:
    async with ChaosStack(folder=tmp_path_factory.mktemp("chaos")) as stack:
        yield stack


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> Verdict:
    async def judge(run: Run, /, *, drain_seconds: float = DRAIN_SECONDS) -> Figures:
        violations, figures = await run.judge(drain_seconds=drain_seconds)
        request.config.stash[_TOTAL].add(figures)
        request.config.stash[_EACH][request.node.name] = figures
        assert not violations, report(violations)
        return figures

    return judge


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the figures to a file and print the sum after pytest's last line."""
    each = config.stash[_EACH]
    if not each:
        return
    total = config.stash[_TOTAL]
    folder: Path = LOCAL / "chaos"
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"total": asdict(total), **{name: asdict(one) for name, one in each.items()}}
    (folder / "last.json").write_text(json.dumps(figures, indent=1))
    print(total.line())  # noqa: T201 - the result of the run
