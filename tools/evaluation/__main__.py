"""Measure how far the scores can be trusted: `python -m tools.evaluation [--write]`.

The exit code is 1 if a property fails.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain

from chassis.telemetry.logs import configure_logs
from rich.console import Console
from rich.table import Table

from tools.evaluation import page
from tools.evaluation.agreement import agreement
from tools.evaluation.measurement import Property, first_failures
from tools.evaluation.properties.blind import blind_resumes
from tools.evaluation.properties.documents import (
    digest,
    discriminates,
    extraction,
    fields,
    hostile,
    language,
    quotes,
    read_all,
    same_content,
    test_retest,
)
from tools.evaluation.properties.json_resume import json_resume
from tools.evaluation.properties.model import with_fakes
from tools.evaluation.properties.variants import measure_variants, scans


def measure() -> Iterator[Property]:
    """Measure every property of the rules, in the order of the table, with two processes."""
    with ProcessPoolExecutor(max_workers=2) as pool:
        variants = [pool.submit(measure_variants, group) for group in ("injection", "monotonic", "invariant")]
        documents = read_all()
        for part in (test_retest, quotes, discriminates, fields, same_content, extraction, language):
            yield from part(documents)
        yield from agreement()
        yield from scans()
        yield from json_resume(documents)
        yield from blind_resumes()
        for future in reversed(variants):
            yield from future.result()
    # Last and alone, because it measures time.
    yield from hostile()


def main() -> int:
    """Print a table of all properties. Return 1 if one fails."""
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/scoring.md")
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.digest:
        sys.stdout.write(digest(read_all()) + "\n")
        return 0
    started = time.monotonic()
    console = Console(width=None if sys.stdout.isatty() else 160)
    found = []
    # The figures report failures of a model, so its warnings are not needed.
    configure_logs(service="evaluate", level="ERROR")
    for each in chain(measure(), with_fakes()):
        found.append(each)
        if console.is_terminal:
            console.print(f"{'holds' if each.holds else 'FAILS'}  {each.group}: {each.claim}", style="dim")
    table = Table("property", "claim", "measured", "")
    for each in found:
        figure = each.figure if each.holds else f"{each.figure}\n{first_failures(each)}"
        mark = "[green]holds[/]" if each.holds else "[red]FAILS[/]"
        table.add_row(each.group, each.claim, figure, mark)
    console.print(table)
    console.print(f"{time.monotonic() - started:.0f} s", style="dim")
    if arguments.write:
        page.write_figures(found)
    failed = sum(not each.holds for each in found)
    sys.stdout.write(f"evaluate: {len(found) - failed} properties hold, {failed} fail\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
