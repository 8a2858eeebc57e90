"""Shared parts of the commands: refusals, output and the audit log."""

import re
from argparse import Namespace
from collections.abc import Iterable, Sequence

from chassis.settings import DatabaseSettings, KafkaSettings
from chassis.telemetry.logs import get_logger
from contracts.plain_text import BIDI, CONTROL
from pydantic_settings import SettingsConfigDict

log = get_logger("request_api.ops")

DONE, REFUSED, USAGE = 0, 1, 2

DRY_RUN = "Nothing was changed; --apply --reason '...' does it."


class Refused(Exception):
    """A command refuses to act. The message is a sentence for the user."""


class Database(DatabaseSettings):
    """Database settings only."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")


class Kafka(KafkaSettings):
    """Kafka settings only."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")


def audit(arguments: Namespace, what: str, **ids: Sequence[object]) -> None:
    """Log a change. This line is the only record of it."""
    listed = {name: [str(one) for one in several] for name, several in ids.items()}
    log.info("on-call changed something", who=arguments.by, what=what, **listed, reason=arguments.reason)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as `1 resume` or `2 analyses`."""
    plural = f"{noun[:-2]}es" if noun.endswith("sis") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Format rows as columns of text, each as wide as its widest cell."""
    cells = [list(heads), *([shown(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def shown(text: str) -> str:
    """Replace line breaks and characters that control a terminal."""
    return re.sub(rf"[{CONTROL}{BIDI}\u2028\u2029\ud800-\udfff]", "?", text)
