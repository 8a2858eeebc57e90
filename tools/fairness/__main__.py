"""Measure that scores and matches do not depend on who the person seems to be: `python -m tools.fairness`.

The exit code is 1 if a score by rules or a match changes.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from rich.console import Console
from rich.table import Table

from tools.fairness.comparison import Comparison, compare
from tools.fairness.people import people

_SHOWN: Final = 3


def main() -> int:
    """Print a table of all comparisons. Return 1 if anything changed."""
    started = time.monotonic()
    total: dict[tuple[str, str], Comparison] = {}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for found in pool.map(compare, people(), chunksize=4):
            for key, each in found.items():
                total[key] = total[key] + each if key in total else each
    table = Table("swapped or added", "compared", "variants", "pairs", "changed", "largest change")
    for (attribute, what), each in total.items():
        changed = f"[red]{len(each.changes)}[/]: {'; '.join(each.changes[:_SHOWN])}" if each.changes else "0"
        table.add_row(attribute, what, str(each.variants), str(each.pairs), changed, f"{each.largest:g}")
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    pairs, changes = (
        sum(each.pairs for each in total.values()),
        sum(len(each.changes) for each in total.values()),
    )
    seconds = time.monotonic() - started
    sys.stdout.write(f"fairness: {pairs} pairs, {changes} changed, {seconds:.0f} s\n")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
