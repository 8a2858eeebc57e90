"""Outcomes of a worker that returns no output. None of them quotes the input."""


class WorkerError(Exception):
    """A worker returned no output."""


class Crashed(WorkerError):
    """The worker raised an unexpected exception, or ended by a signal such as SIGSEGV."""


class OverLimit(WorkerError):
    """The worker exceeded a limit."""


class Refused(WorkerError):
    """The worker does not accept its input. `code` and `detail` are the worker's own."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        self.code = code
        self.detail = detail
        super().__init__(code)
