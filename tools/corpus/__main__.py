"""Render people with known careers by every installed program, and compare what is read with the truth.

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
from tools.corpus.drawn_personas import draw_personas
from tools.corpus.personas import DateStyle, Persona, bullet_signs, date_styles, layouts, personas
from tools.corpus.rendering import RENDERERS, Source, missing, prepare, render

_BARS: Final = {
    "text": 1.0,
    "order": 0.99,
    "sections": 0.99,
    "years": 0.99,
    "bullets": 0.98,
    "contacts": 1.0,
    "hidden": 1.0,
}
_SPREADS: Final = {"content": 2, "overall": 5}
# Renderers that start at once make all bullets, the others one style in turn.
_FAST: Final = ("text", "docx", "typst")


@dataclass(slots=True)
class Sample:
    """One file of the corpus."""

    name: str
    layout: dict[str, Any]
    style: DateStyle
    page: Page
    source: Source
    outcome: Outcome


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> int:
    """Print the table of kinds and renderers, and what is wrong. Return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="corpus", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "resume-corpus")
    parser.add_argument("--only", default="", help="a part of the names of the files to check")
    parser.add_argument("--seed", type=int, help="draw other people, the same ones for the same number")
    parser.add_argument("--faults", type=int, default=40, help="the number of files whose faults are printed")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    renderers = []
    for renderer in RENDERERS:
        reason = missing(renderer)
        if reason:
            _say(reason)
        else:
            renderers.append(renderer)
    people = personas() if options.seed is None else draw_personas(options.seed)
    samples = [
        sample for sample in _samples(renderers, people, options.folder) if options.only in sample.name
    ]
    for problem in render(sample.source for sample in samples):
        _say(problem)
    samples = [sample for sample in samples if sample.source.path.exists()]
    for sample in samples:
        is_form = sample.layout["dates"] == "form"
        sample.outcome = check(sample.source.path, sample.page, sample.style, is_form=is_form)
    faulty = [sample for sample in samples if sample.outcome.faults]
    for sample in faulty[: options.faults]:
        _say(f"{sample.name} ({sample.source.path.name})")
        for fault in sample.outcome.faults:
            _say(f"    {fault}")
    missed = _print_table(samples, renderers)
    missed += _print_spreads(samples)
    _say(f"{len(samples)} files, {len(faulty)} with a fault, {missed} bars missed.")
    return 1 if missed or not samples else 0


def _samples(renderers: list[str], people: tuple[Persona, ...], folder: Path) -> Iterator[Sample]:
    """Yield each renderer with each layout, bullets and dates in turn, and the fast ones with every date."""
    for renderer in renderers:
        for person in people:
            turns = count()
            styles = date_styles(person.language)
            exact = [style for style in styles if not style.tolerance]
            for name, layout in layouts().items():
                if person.language not in layout.get("languages", ("en", "ja")):
                    continue
                signs = list(bullet_signs())
                for sign in signs if renderer in _FAST else [signs[next(turns) % len(signs)]]:
                    style = exact[next(turns) % len(exact)]
                    yield _sample(renderer, person, name, sign, style, folder)
            for style in styles:
                for name in ("one-column", "dates-right", "dates-left") if renderer in _FAST else ():
                    yield _sample(renderer, person, name, "disc", style, folder)


def _sample(renderer: str, person: Persona, name: str, sign: str, style: DateStyle, folder: Path) -> Sample:
    layout = layouts()[name]
    page = compose(person, layout, bullet_signs()[sign], style)
    label = f"{renderer} / {person.name} / {name} / {sign} / {style.closed}"
    return Sample(label, layout, style, page, prepare(page, renderer, folder), Outcome())


def _print_table(samples: list[Sample], renderers: list[str]) -> int:
    table = Table(box=None, pad_edge=False)
    for heading in ("kind", *renderers, "all", "bar"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    missed = 0
    for kind in KINDS:
        row = []
        for renderer in (*renderers, None):
            shares = [
                sample.outcome.shares[kind]
                for sample in samples
                if kind in sample.outcome.shares and renderer in (None, sample.source.renderer)
            ]
            row.append(sum(shares) / len(shares) if shares else 1.0)
        missed += row[-1] < _BARS[kind]
        table.add_row(kind, *(f"{100 * share:.2f}" for share in row), f"{100 * _BARS[kind]:.0f}")
    Console(width=110).print(table)
    return missed


def _print_spreads(samples: list[Sample]) -> int:
    """Compare the scores of the same content in every file whose order no parser scrambles."""
    groups: dict[tuple[str, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.outcome.scores and sample.layout["dates"] != "form":
            groups[sample.page.persona.name, sample.style.tolerance].append(sample)
    missed = 0
    for (name, tolerance), group in groups.items():
        for score, bar in _SPREADS.items():
            compared = [
                sample for sample in group if score == "content" or not sample.layout.get("scrambled")
            ]
            ordered = sorted(compared, key=lambda sample: sample.outcome.scores[score])
            if not ordered:
                continue
            low, high = ordered[0], ordered[-1]
            lowest, highest = low.outcome.scores[score], high.outcome.scores[score]
            missed += highest - lowest > bar
            dates = f"dates to {tolerance or 1} months"
            _say(f"{score} of {name}, {dates}: {lowest:.0f} to {highest:.0f} (bar {bar})")
            if highest - lowest > bar:
                lost = {
                    key: high.outcome.scores[key] - value
                    for key, value in low.outcome.scores.items()
                    if abs(high.outcome.scores.get(key, 0) - value) >= 1
                }
                _say(f"    lowest: {low.name}\n    highest: {high.name}\n    {lost}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
