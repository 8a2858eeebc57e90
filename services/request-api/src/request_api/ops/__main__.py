"""The on-call command: `python -m request_api.ops --help`; exits with 0 done, 1 refused, 2 not understood."""

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

from request_api.ops import analyses, dead_letters, erasing
from request_api.ops.command import REFUSED, USAGE, Refused

Command = Callable[[Namespace], Awaitable[int]]
Subcommands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def parser() -> ArgumentParser:
    """All subcommands; what changes something does so only with --apply."""
    root = ArgumentParser(prog="ops", description="What on-call does; docs/on-call.md has examples.")
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    _dead_letters(commands.add_parser("dead-letters", help="what a consumer could not handle"))

    stuck = _command(commands, "stuck", analyses.list_stuck, "analyses that were not seen to end")
    stuck.add_argument("--minutes", type=_positive, default=30.0, help="older than this (default: 30)")
    for name, command, does in (
        ("reemit", analyses.reemit, "emit the event of an analysis again"),
        ("expire", analyses.expire, "end an analysis that cannot be saved"),
    ):
        changing = _command(commands, name, command, does, changes=True)
        changing.add_argument("id", type=UUID, metavar="ANALYSIS_ID")
    stale = _command(
        commands, "stale", analyses.end_stale, "end what the existing backend left running", changes=True
    )
    stale.add_argument("--hours", type=_positive, default=24.0, help="older than this (default: 24)")
    erase = _command(
        commands, "erase", erasing.erase, "erase a resume and all that was made from it", changes=True
    )
    which = erase.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=UUID, nargs="?", metavar="RESUME_ID")
    which.add_argument("--candidate", type=UUID, metavar="CANDIDATE_ID", help="all resumes of a candidate")
    return root


def _dead_letters(group: ArgumentParser) -> None:
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    listing = _command(commands, "list", dead_letters.list_letters, "those that wait to be handled")
    listing.add_argument("--topic", choices=tuple(CONSUMERS), help="only of this topic")
    _command(commands, "show", dead_letters.show_letter, "one of them, without its value").add_argument(
        "id", metavar="ID"
    )
    for name, does in (
        ("replay", "send them back to their topics; all groups there see them again"),
        ("drop", "delete them"),
    ):
        changing = _command(commands, name, dead_letters.handle_letters, does, changes=True)
        changing.set_defaults(what=name)
        which = changing.add_mutually_exclusive_group(required=True)
        which.add_argument("ids", nargs="*", default=[], metavar="ID")
        which.add_argument("--all", action="store_true", help="all of them")
        changing.add_argument("--topic", choices=tuple(CONSUMERS), help="with --all: only of this topic")
        changing.add_argument(
            "--reason-matches",
            type=_pattern,
            metavar="REGEX",
            help="with --all: only where it is found in the reason",
        )


def _command(
    commands: Subcommands, name: str, command: Command, does: str, *, changes: bool = False
) -> ArgumentParser:
    added: ArgumentParser = commands.add_parser(name, help=does, description=does, allow_abbrev=False)
    added.set_defaults(command=command, changes=changes, usage=added)
    if changes:
        added.add_argument("--apply", action="store_true", help="do it; without, only say what it would do")
        added.add_argument("--reason", help="why, for the audit line; with --apply")
        added.add_argument("--by", default=os.environ.get("USER"), help="who you are (default: $USER)")
    return added


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ArgumentTypeError(f"no regular expression: {error}") from None


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1_000_000:
        raise ArgumentTypeError("has to be above 0, and below a million")
    return number


def parse(words: Sequence[str]) -> Namespace:
    """Exits with 2 and a sentence where they are not understood."""
    arguments = parser().parse_args(words)
    usage: ArgumentParser = arguments.usage
    if arguments.changes and arguments.apply:
        if not (arguments.reason or "").strip():
            usage.error("--apply needs --reason: why is it done?")
        if not arguments.by:
            usage.error("--apply needs --by: who are you?")
    if "reason_matches" in arguments:
        if not arguments.all and (arguments.topic or arguments.reason_matches):
            usage.error("--topic and --reason-matches go with --all")
        arguments.reason_matches = arguments.reason_matches or re.compile("")
    return arguments


async def run(arguments: Namespace) -> int:
    """The exit code; what goes wrong is said in one sentence on standard error."""
    try:
        code: int = await arguments.command(arguments)
    except Refused as error:
        sentence = str(error)
    except DatabaseUnavailable:
        sentence = "The database does not answer."
    except BrokenPipeError:
        sentence = "Whoever read this stopped reading."  # as `head` does
    except (KafkaError, OSError, TimeoutError) as error:
        sentence = f"Kafka does not answer, or refuses: {type(error).__name__}."
    else:
        return code
    print(sentence, file=sys.stderr)
    return REFUSED


def main() -> int:
    """Parse, do, and say it."""
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
