"""Commands for on-call: `python -m request_api.ops --help`.

Exit codes: 0 done, 1 refused, 2 invalid arguments or settings.
"""

import asyncio
import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from aiokafka.errors import KafkaError
from chassis.db.database import DatabaseUnavailable
from chassis.telemetry.logs import configure_logs
from contracts.topics import CONSUMERS
from pydantic import ValidationError

from request_api.ops import analyses, dead_letters, erasure
from request_api.ops.command import REFUSED, USAGE, Refused

Command = Callable[[Namespace], Awaitable[int]]
Subcommands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def parser() -> ArgumentParser:
    """Return the parser of all subcommands. Commands that change something do so only with --apply."""
    root = ArgumentParser(prog="ops", description="Commands for on-call. See docs/on-call.md for examples.")
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    _dead_letters(commands.add_parser("dead-letters", help="events that a consumer could not handle"))

    stuck = _command(commands, "stuck", analyses.list_stuck, "list unfinished analyses")
    stuck.add_argument("--minutes", type=_positive, default=30.0, help="older than this (default: 30)")
    for name, command, does in (
        ("reemit", analyses.reemit, "emit the event of an analysis again"),
        ("expire", analyses.expire, "end an analysis that does not end by itself"),
    ):
        changing = _command(commands, name, command, does, changes=True)
        changing.add_argument("id", type=UUID, metavar="ANALYSIS_ID")
    stale = _command(
        commands,
        "stale",
        analyses.end_stale,
        "end requests that the legacy backend left unfinished",
        changes=True,
    )
    stale.add_argument("--hours", type=_positive, default=24.0, help="older than this (default: 24)")
    erase = _command(
        commands, "erase", erasure.erase, "erase a resume and everything derived from it", changes=True
    )
    which = erase.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=UUID, nargs="?", metavar="RESUME_ID")
    which.add_argument("--candidate", type=UUID, metavar="CANDIDATE_ID", help="all resumes of a candidate")
    return root


def _dead_letters(group: ArgumentParser) -> None:
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    listing = _command(commands, "list", dead_letters.list_dead_letters, "list dead letters")
    listing.add_argument("--topic", choices=tuple(CONSUMERS), help="only of this topic")
    _command(
        commands, "show", dead_letters.show_dead_letter, "show a dead letter without its value"
    ).add_argument("id", metavar="ID")
    for name, does in (
        ("replay", "send dead letters back to their topics, where all consumer groups read them again"),
        ("drop", "delete dead letters"),
    ):
        changing = _command(commands, name, dead_letters.handle_dead_letters, does, changes=True)
        changing.set_defaults(what=name)
        which = changing.add_mutually_exclusive_group(required=True)
        which.add_argument("ids", nargs="*", default=[], metavar="ID")
        which.add_argument("--all", action="store_true", help="all of them")
        changing.add_argument("--topic", choices=tuple(CONSUMERS), help="with --all: only of this topic")
        changing.add_argument(
            "--reason-matches",
            type=_pattern,
            metavar="REGEX",
            help="with --all: only those whose reason matches",
        )


def _command(
    commands: Subcommands, name: str, command: Command, does: str, *, changes: bool = False
) -> ArgumentParser:
    added: ArgumentParser = commands.add_parser(name, help=does, description=does, allow_abbrev=False)
    added.set_defaults(command=command, changes=changes, usage=added)
    if changes:
        added.add_argument("--apply", action="store_true", help="make the change; without this, only show it")
        added.add_argument("--reason", help="reason for the audit log; required with --apply")
        added.add_argument(
            "--by", default=os.environ.get("USER"), help="your name, for the audit log (default: $USER)"
        )
    return added


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"invalid regular expression: {error}") from None


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1_000_000:
        raise ArgumentTypeError("must be above 0 and below a million")
    return number


def parse(words: Sequence[str]) -> Namespace:
    """Parse the arguments, or exit with code 2 and a message."""
    arguments = parser().parse_args(words)
    usage: ArgumentParser = arguments.usage
    if arguments.changes and arguments.apply:
        if not (arguments.reason or "").strip():
            usage.error("--apply needs --reason, for the audit log")
        if not arguments.by:
            usage.error("--apply needs --by, for the audit log")
    if "reason_matches" in arguments:
        if not arguments.all and (arguments.topic or arguments.reason_matches):
            usage.error("--topic and --reason-matches go with --all")
        arguments.reason_matches = arguments.reason_matches or re.compile("")
    return arguments


async def run(arguments: Namespace) -> int:
    """Run a command and return its exit code. Errors are printed to standard error as one sentence."""
    try:
        code: int = await arguments.command(arguments)
    except Refused as error:
        sentence = str(error)
    except DatabaseUnavailable:
        sentence = "The database is unavailable."
    except BrokenPipeError:
        sentence = "The reader of the output closed the pipe."  # as `head` does
    except (KafkaError, OSError, TimeoutError) as error:
        sentence = f"Kafka is unavailable or refused the request: {type(error).__name__}."
    else:
        return code
    print(sentence, file=sys.stderr)
    return REFUSED


def main() -> int:
    """Run the command line, and return its exit code."""
    arguments = parse(sys.argv[1:])
    configure_logs(service="request-api-ops")
    try:
        return asyncio.run(run(arguments))
    except ValidationError as error:
        for wrong in error.errors(include_input=False):
            name = "_".join(map(str, wrong["loc"])).upper()
            print(f"REQUEST_API_{name}: {wrong['msg']}.", file=sys.stderr)
        return USAGE


if __name__ == "__main__":
    sys.exit(main())
