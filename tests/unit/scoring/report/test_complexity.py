"""The work grows linearly with the text. Steps are counted, since timing is unreliable on a busy machine."""

import re
import re._parser as regex_parser  # type: ignore[import-not-found]  # typeshed does not know it
import sys
from collections.abc import Iterable
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
import scoring
from contracts.report import Report
from contracts.vocabulary import ReportLanguage
from scoring.report.builder import score

from tests.unit.scoring.personas import (
    NOW,
    RUBRIC,
    STRONG,
    report,
    request,
)


def of(text: str, language: str, **changes: Any) -> Report:
    asked = request(text, **changes)
    update = {"report_language": ReportLanguage(language), "compare_to_market": True}
    return score(asked.model_copy(update=update), rubric=RUBRIC, now=NOW)


_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for module in walk_packages(scoring.__path__, "scoring."):
        names = vars(import_module(module.name))
        found += [
            (f"{module.name}.{name}", each) for name, each in names.items() if isinstance(each, re.Pattern)
        ]
    return found


def _unbounded_depth(parsed: Iterable[tuple[object, object]]) -> int:
    """Return the nesting depth of unbounded repeats."""
    deepest = 0
    for operator, argument in parsed:
        own = 0
        children: list[Iterable[tuple[object, object]]] = []
        if str(operator) in _REPEATS and isinstance(argument, tuple):
            own = int(argument[1] >= regex_parser.MAXREPEAT)
            children = [argument[2]]
        elif isinstance(argument, tuple):
            for part in argument:
                parts = part if isinstance(part, list) else [part]
                children += [each for each in parts if isinstance(each, regex_parser.SubPattern)]
        deepest = max([deepest, own, *(own + _unbounded_depth(child) for child in children)])
    return deepest


def test_no_pattern_nests_unbounded_repeats() -> None:
    patterns = _patterns()
    assert len(patterns) > 20
    for name, pattern in patterns:
        assert _unbounded_depth(regex_parser.parse(pattern.pattern)) <= 1, name


def _steps(text: str) -> int:
    """Return the number of calls during one scoring."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        report.__wrapped__(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "line",
    [
        "a" * 900 + " ",
        "Led 12 teams by 30% since 2019 - ",
        "- Led\n",
        "Skills: python, aws, sql,",
        "1-2-3-4 5 (6) 7.8.",
        "2019 - 2020 - ",
        "・を担当しました\n",
        "ていて" * 300,
        "x@x.x.x.x",
        "EXPERIENCE\n",
        "machine machine machine learning ",
    ],
)
def test_steps_grow_linearly(line: str) -> None:
    def of(size: int) -> int:
        return _steps("EXPERIENCE\n- " + (line * (size // len(line) + 1))[:size])

    small, large = of(1_000), of(4_000)
    assert large <= 5 * small + 2_000


@pytest.mark.parametrize(
    "words",
    [
        "12 people and 5% costs ",
        "which served 12 people, and 5% cut ",
        "cutting 5% of the 12 ",
        "、費用の5%と12名の増加",
    ],
)
def test_steps_of_one_long_bullet_grow_linearly(words: str) -> None:
    def of(size: int) -> int:
        return _steps("EXPERIENCE\n- Built " + (words * (size // len(words) + 1))[:size])

    small, large = of(2_000), of(16_000)
    assert large <= 10 * small


def test_long_text_takes_proportional_steps() -> None:
    assert _steps(STRONG * 4) <= 5 * _steps(STRONG)
