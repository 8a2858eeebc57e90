"""Commands for operators: `python -m analyzer.ops --help`.

Exit codes: 0 the model is usable, 1 it is not, 2 invalid arguments or settings.
"""

import asyncio
import sys
from argparse import ArgumentParser

from chassis.telemetry.logs import configure_logs
from pydantic import ValidationError

from analyzer.llm.settings import ModelSettings
from analyzer.ops.model_check import USAGE, check_model


def main() -> int:
    """Run the command line, and return its exit code."""
    parser = ArgumentParser(prog="ops", description="Commands for operators of the analyzer.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    commands.add_parser(
        "model-check",
        help="ask the configured model four questions about a fictional resume",
        description="Ask the configured model four questions and print what its server supports, how long "
        "it takes and what an analysis costs. See docs/model.md.",
    )
    parser.parse_args()
    configure_logs(service="analyzer-ops", level="ERROR")
    try:
        settings = ModelSettings()
    except ValidationError as error:
        for wrong in error.errors(include_input=False):
            name = str(wrong["loc"][0]).upper().removeprefix("ANALYZER_")
            print(f"ANALYZER_{name}: {wrong['msg']}.", file=sys.stderr)
        return USAGE
    return asyncio.run(check_model(settings, print))


if __name__ == "__main__":
    sys.exit(main())
