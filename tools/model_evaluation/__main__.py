"""Measure a real language model through the analyzer's own code: `python -m tools.model_evaluation`.

The environment names the model as for the analyzer: `OPENAI_BASE_URL`, `OPENAI_API_KEY`, `ANALYZER_MODEL`.
The exit code is 1 if a property fails or no answer counted, and 2 if no model is configured.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from analyzer.llm.create import create_model
from analyzer.llm.settings import ModelSettings
from chassis.telemetry.logs import configure_logs
from rich.console import Console
from rich.table import Table

from tools.evaluation.measurement import Property, first_failures
from tools.model_evaluation.agreement import measure_agreement
from tools.model_evaluation.measured_model import MeasuredModel, RunLimits
from tools.model_evaluation.properties import (
    measure_cost,
    measure_identity,
    measure_instructions,
    measure_resumes,
    measure_retest,
    measure_writing,
)

# A part of which nothing was measured neither holds nor fails.
NOT_MEASURED: Final = "not measured"
_HOLDS: Final = "holds"
_FAILS: Final = "FAILS"
_COLOURS: Final = {_HOLDS: "green", _FAILS: "red", NOT_MEASURED: "yellow"}


def main() -> int:
    """Print a table of all properties and return the exit code."""
    arguments = parse_arguments(sys.argv[1:])
    if not (os.environ.get("OPENAI_BASE_URL") or os.environ.get("ANALYZER_OPENAI_BASE_URL")):
        sys.stderr.write("Set OPENAI_BASE_URL, OPENAI_API_KEY and ANALYZER_MODEL to the model to measure.\n")
        return 2
    settings = ModelSettings()
    if settings.openai_api_key is None:
        sys.stderr.write("Set OPENAI_API_KEY, to any value for a server that needs none.\n")
        return 2
    configure_logs(service="evaluate-model", level="ERROR")
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(f"asking {settings.model} at {settings.openai_base_url}")
    started = time.monotonic()
    found = asyncio.run(measure(settings, arguments))
    console.print(table_of(found))
    outcomes = Counter(map(outcome_of, found))
    failed, skipped = outcomes[_FAILS], outcomes[NOT_MEASURED]
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"evaluate-model: {outcomes[_HOLDS]} properties hold, {failed} fail, {skipped} not measured, "
        f"{seconds:.0f} s\n"
    )
    return 1 if failed else 0


def parse_arguments(values: Sequence[str]) -> argparse.Namespace:
    """Parse the options of the command."""
    parser = argparse.ArgumentParser(prog="evaluate-model", description=__doc__)
    parser.add_argument("--resumes", type=int, default=10, help="different resumes to score (10)")
    parser.add_argument("--bullets", type=int, default=36, help="labelled bullets of each language (36)")
    parser.add_argument("--people", type=int, default=2, help="resumes to score repeatedly (2)")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each of them (5)")
    parser.add_argument("--instructions", type=int, default=24, help="instructions to insert (24)")
    parser.add_argument("--deep", type=int, default=1, help="deep analyses (1)")
    parser.add_argument("--requests", type=int, default=200, help="limit of requests in all (200)")
    parser.add_argument("--minutes", type=float, default=20, help="limit of time in all (20)")
    return parser.parse_args(values)


async def measure(settings: ModelSettings, arguments: argparse.Namespace) -> list[Property]:
    """Measure a model within the limits of the arguments. The last property fails if no answer counted."""
    ask = create_model(settings)
    assert ask
    limits = RunLimits(deadline=time.monotonic() + 60 * arguments.minutes, requests=arguments.requests)
    model = MeasuredModel(name=settings.model, ask=ask, limits=limits)
    # The most telling figures first, because a slow model may reach a limit.
    parts: dict[str, Callable[[], Awaitable[list[Property]]]] = {
        "agreement": partial(measure_agreement, model, "en", arguments.bullets),
        "agreement, Japanese": partial(measure_agreement, model, "ja", arguments.bullets),
        "answers": partial(measure_resumes, model, arguments.resumes),
        "test-retest": partial(measure_retest, model, arguments.people, arguments.repeats),
        "invariant": partial(measure_identity, model),
        "injection": partial(measure_instructions, model, arguments.instructions),
        "quotes": partial(measure_writing, model, arguments.deep),
    }
    found: list[Property] = []
    try:
        for name, part in parts.items():
            found += await part() or [
                Property(name, NOT_MEASURED, "a limit was reached, or none was asked for")
            ]
    finally:
        await ask.close()
    answers = sum(each.is_answered for each in model.analyses)
    claim = "Analyses in which labels of the model counted"
    failures = [] if answers else ["no answer counted"]
    return [
        *found,
        *measure_cost(model),
        Property("answers", claim, f"{answers} of {len(model.analyses)}", failures),
    ]


def outcome_of(found: Property) -> str:
    """Return whether a property holds, fails, or was not measured because of a limit."""
    if found.claim == NOT_MEASURED:
        return NOT_MEASURED
    return _HOLDS if found.holds else _FAILS


def table_of(found: list[Property]) -> Table:
    """Return the table of properties."""
    table = Table("property", "claim", "measured", "")
    for each in found:
        figure = each.figure if each.holds else f"{each.figure}\n{first_failures(each)}"
        outcome = outcome_of(each)
        table.add_row(each.group, each.claim, figure, f"[{_COLOURS[outcome]}]{outcome}[/]")
    return table


if __name__ == "__main__":
    sys.exit(main())
