"""Measures the scores: `python -m tools.evaluation [--write]`. Exits with 1 where a property fails."""

import argparse
import sys
import time
from itertools import chain

from chassis.telemetry.logs import configure_logs
from rich.console import Console
from rich.table import Table

from tools.evaluation import page
from tools.evaluation.properties import digest, first_failures, measure
from tools.evaluation.with_model import real_model, with_fakes, with_real_model


def main() -> int:
    parser = argparse.ArgumentParser(prog="evaluate", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the figures into docs/scoring.md")
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.digest:
        sys.stdout.write(digest() + "\n")
        return 0
    began = time.monotonic()
    console = Console(width=None if sys.stdout.isatty() else 160)
    found = []
    # What the analyzer says of a judge that fails is in the figures.
    configure_logs(service="evaluate", level="ERROR")
    if asked := real_model():
        console.print(f"asking {asked}")
    for each in chain(measure(), with_fakes(), with_real_model()):
        found.append(each)
        if console.is_terminal:
            console.print(f"{'holds' if each.holds else 'FAILS'}  {each.group}: {each.claim}", style="dim")
    table = Table("property", "claim", "measured", "")
    for each in found:
        figure = each.figure if each.holds else f"{each.figure}\n{first_failures(each)}"
        mark = "[green]holds[/]" if each.holds else "[red]FAILS[/]"
        table.add_row(each.group, each.claim, figure, mark)
    console.print(table)
    console.print(f"{time.monotonic() - began:.0f} s", style="dim")
    if arguments.write:
        page.write_figures(found)
    failed = sum(not each.holds for each in found)
    sys.stdout.write(f"evaluate: {len(found) - failed} properties hold, {failed} fail\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
