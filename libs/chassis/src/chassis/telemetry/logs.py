"""Structured logs: one JSON object for each line on standard output, with the fields bound to the context."""

import logging
import sys
from contextlib import suppress
from typing import Any, Final, Literal

import structlog

_PROCESSORS: Final[list[structlog.typing.Processor]] = []


def configure_logs(
    *, service: str, level: str = "INFO", log_format: Literal["json", "console"] = "json"
) -> None:
    """Render our logs (structlog) and those of libraries (`logging`) in the same format."""

    def add_service(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event["service"] = service
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_service,
    ]
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=False)
    if log_format == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    rendering: list[structlog.typing.Processor] = [
        structlog.processors.ExceptionRenderer(_places if log_format == "json" else _places_in_lines),
        renderer,
    ]
    # In place, because loggers keep a reference to the list.
    _PROCESSORS[:] = [*shared, *rendering]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=_Output,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    # Otherwise logging prints records that it cannot render, with values that must not be logged.
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(max(logging.getLevelName(level), logging.WARNING))


class _Output:
    """Writes lines to standard output, which takes half the time of going through `logging`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def info(self, line: str) -> None:
        """Write a line. A failure loses the line and nothing else."""
        # A full disk, or characters that cannot be encoded.
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = warning = error = critical = info


_TRANSFORM = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def _places(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """Return classes and locations of an exception and its causes; messages may quote resumes."""
    errors: list[dict[str, Any]] = _TRANSFORM(exc_info)
    return [
        {
            "type": error["exc_type"],
            "places": [f"{at['filename']}:{at['lineno']} {at['name']}" for at in error["frames"]],
        }
        for error in errors
    ]


def _places_in_lines(exc_info: structlog.typing.ExcInfo) -> str:
    """Return the same as text."""
    lines = []
    for error in _places(exc_info):
        lines += [error["type"], *(f"  {place}" for place in error["places"])]
    return "\n".join(lines)


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger whose keyword arguments become fields of the line."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return logger
