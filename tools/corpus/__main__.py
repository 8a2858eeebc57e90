"""Render people with known careers by every program that is installed, and compare what is read with the truth.

`make corpus` renders, reads and scores each person in each layout, style of bullets and style of dates. Files
are kept in a folder, so that only the first run takes minutes. The exit code is 1 if a bar is missed.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tools.corpus.blocks import Page, compose
from tools.corpus.checks import KINDS, Outcome, check
from tools.corpus.personas import DateStyle, Persona, bullet_signs, date_styles, layouts, personas
from tools.corpus.rendering import RENDERERS, Source, missing, prepare, render

_BARS: Final = {
    "text": 1.0, "order": 0.99, "sections": 0.99, "years": 0.99, "bullets": 0.98, "contacts": 1.0, "hidden": 1.0,
}  # fmt: skip
_SPREADS: Final = {"content": 2, "overall": 5}
# Renderers that start at once make all bullets, the others one style in turn.
_FAST: Final = ("text", "docx", "typst")


@dataclass(slots=True)
class Case:
    """One file of the corpus."""

    name: str
    layout: dict[str, Any]
    style: DateStyle
    page: Page
    source: Source
    outcome: Outcome


def main() -> int:
    """Print the table of kinds and renderers, and what is wrong. Return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "resume-corpus")
    parser.add_argument("--only", default="", help="a part of the names of the files to check")
    parser.add_argument("--faults", type=int, default=40, help="the number of files whose faults are printed")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    renderers = []
    for renderer in RENDERERS:
        reason = missing(renderer)
        if reason:
            print(reason)
        else:
            renderers.append(renderer)
    cases = [case for case in _cases(renderers, options.folder) if options.only in case.name]
    for problem in render(case.source for case in cases):
        print(problem)
    cases = [case for case in cases if case.source.path.exists()]
    for case in cases:
        is_form = case.layout["dates"] == "form"
        case.outcome = check(case.source.path, case.page, case.style, is_form=is_form)
    faulty = [case for case in cases if case.outcome.faults]
    for case in faulty[: options.faults]:
        print(f"{case.name} ({case.source.path.name})")
        for fault in case.outcome.faults:
            print(f"    {fault}")
    missed = _print_table(cases, renderers)
    missed += _print_spreads(cases)
    print(f"{len(cases)} files, {len(faulty)} with a fault, {missed} bars missed.")
    return 1 if missed or not cases else 0


def _cases(renderers: list[str], folder: Path) -> Iterator[Case]:
    """Yield each renderer with each layout, bullets and dates in turn, and each style of dates at least once."""
    for renderer in renderers:
        for person in personas():
            turns = count()
            styles = date_styles(person.language)
            exact = [style for style in styles if not style.tolerance]
            for name, layout in layouts().items():
                if person.language not in layout.get("languages", ("en", "ja")):
                    continue
                signs = list(bullet_signs())
                for sign in signs if renderer in _FAST else [signs[next(turns) % len(signs)]]:
                    style = exact[next(turns) % len(exact)]
                    yield _case(renderer, person, name, sign, style, folder)
            for style in styles:
                for name in ("one-column", "dates-right", "dates-left") if renderer in _FAST else ():
                    yield _case(renderer, person, name, "disc", style, folder)


def _case(renderer: str, person: Persona, name: str, sign: str, style: DateStyle, folder: Path) -> Case:
    layout = layouts()[name]
    page = compose(person, layout, bullet_signs()[sign], style)
    label = " / ".join((renderer, person.name, name, sign, style.closed))
    return Case(label, layout, style, page, prepare(page, renderer, folder), Outcome())


def _print_table(cases: list[Case], renderers: list[str]) -> int:
    table = Table(box=None, pad_edge=False)
    for heading in ("kind", *renderers, "all", "bar"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    missed = 0
    for kind in KINDS:
        row = []
        for renderer in (*renderers, None):
            shares = [
                case.outcome.shares[kind]
                for case in cases
                if kind in case.outcome.shares and renderer in (None, case.source.renderer)
            ]
            row.append(sum(shares) / len(shares) if shares else 1.0)
        missed += row[-1] < _BARS[kind]
        table.add_row(kind, *(f"{100 * share:.2f}" for share in row), f"{100 * _BARS[kind]:.0f}")
    Console(width=110).print(table)
    return missed


def _print_spreads(cases: list[Case]) -> int:
    """Compare the scores of the same content in every file whose order no parser scrambles."""
    groups: dict[tuple[str, int], list[Case]] = defaultdict(list)
    for case in cases:
        if case.outcome.scores and case.layout["dates"] != "form":
            groups[case.page.persona.name, case.style.tolerance].append(case)
    missed = 0
    for (name, tolerance), group in groups.items():
        for score, bar in _SPREADS.items():
            compared = [case for case in group if score == "content" or not case.layout.get("scrambled")]
            ordered = sorted(compared, key=lambda case: case.outcome.scores[score])
            if not ordered:
                continue
            low, high = ordered[0], ordered[-1]
            lowest, highest = low.outcome.scores[score], high.outcome.scores[score]
            missed += highest - lowest > bar
            print(
                f"{score} of {name}, dates to {tolerance or 1} months: {lowest:.0f} to {highest:.0f} (bar {bar})"
            )
            if highest - lowest > bar:
                lost = {
                    key: high.outcome.scores[key] - value
                    for key, value in low.outcome.scores.items()
                    if abs(high.outcome.scores.get(key, 0) - value) >= 1
                }
                print(f"    lowest: {low.name}\n    highest: {high.name}\n    {lost}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
