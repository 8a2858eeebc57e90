"""One JSON object a line on standard output, with what was bound to the context of the work at hand."""

import logging
import sys
from collections.abc import Sequence
from typing import Any, Literal

import structlog


def configure_logs(
    *, service: str, level: str = "INFO", log_format: Literal["json", "console"] = "json"
) -> None:
    """Send the logs of structlog and of the standard library through one renderer."""

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
    # Or logging prints what it could not render, with everything that was to be kept out.
    logging.raiseExceptions = False
    # No line has them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Formatter(shared=shared, rendering=rendering))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(max(logging.getLevelName(level), logging.WARNING))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders lines of libraries as structlog does, and ours without copying their records."""

    def __init__(
        self, *, shared: Sequence[structlog.typing.Processor], rendering: Sequence[structlog.typing.Processor]
    ) -> None:
        super().__init__(foreign_pre_chain=shared, processors=[self.remove_processors_meta, *rendering])
        self._rendering = rendering

    def format(self, record: logging.LogRecord) -> str:
        if not isinstance(record.msg, dict):
            return super().format(record)
        line: Any = dict(record.msg)
        for render in self._rendering:
            line = render(None, "", line)
        return str(line)


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


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose keyword arguments become fields of the line."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
