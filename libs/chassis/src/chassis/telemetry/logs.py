"""One JSON object a line on standard output, with what was bound to the context of the work at hand."""

import logging
import sys
from contextlib import suppress
from typing import Any, Final, Literal

import structlog

_PROCESSORS: Final[list[structlog.typing.Processor]] = []


def configure_logs(
    *, service: str, level: str = "INFO", log_format: Literal["json", "console"] = "json"
) -> None:
    """Render our own logs, which are of structlog, and those of libraries, which are of `logging`, alike."""

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
    # In place: loggers keep the list.
    _PROCESSORS[:] = [*shared, *rendering]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=_Output,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    # Or logging prints what it could not render, with everything that was to be kept out.
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
    """Writes our lines to standard output. The records of `logging` would take as long again."""

    def __init__(self, name: str) -> None:
        self.name = name

    def info(self, line: str) -> None:
        """Write a line; where that fails it is lost, and work goes on."""
        # A full disk, or characters that have no encoding.
        with suppress(OSError, ValueError):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    debug = warning = error = critical = info


_TRANSFORM = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def _places(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """Classes and places of an exception and its causes; messages and values may quote people's resumes."""
    errors: list[dict[str, Any]] = _TRANSFORM(exc_info)
    return [
        {
            "type": error["exc_type"],
            "places": [f"{at['filename']}:{at['lineno']} {at['name']}" for at in error["frames"]],
        }
        for error in errors
    ]


def _places_in_lines(exc_info: structlog.typing.ExcInfo) -> str:
    """The same for a person to read."""
    lines = []
    for error in _places(exc_info):
        lines += [error["type"], *(f"  {place}" for place in error["places"])]
    return "\n".join(lines)


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose keyword arguments become fields of the line."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return logger
