"""Outcomes of a worker that returns no output. None of them quotes the input."""


class WorkerError(Exception):
    """A worker returned no output, for example because the kernel killed it when memory was short."""


class NotStarted(WorkerError):
    """The system has no process, memory or file descriptor left for a worker. A retry may help."""


class Crashed(WorkerError):
    """The input made the worker raise an unexpected exception, or end by a signal such as SIGSEGV."""


class OverLimit(WorkerError):
    """The input takes more processor time or memory than allowed, or its output is too large."""


class TimedOut(WorkerError):
    """The worker took too long. It may have had only a part of a processor."""


class Refused(WorkerError):
    """The worker does not accept its input. `code` and `detail` are the worker's own."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        self.code = code
        self.detail = detail
        super().__init__(code)
