"""Reasons why a document is not printed, each with a sentence for the user."""

from typing import ClassVar


class PrintingError(Exception):
    """A document that is not printed. The reason never quotes the document."""

    code: ClassVar[str] = "printing_failed"
    reason: ClassVar[str] = "The PDF could not be created"
    # Seconds for a Retry-After header; None if the document itself is the cause, so that no retry can help.
    retry_after: ClassVar[int | None] = 60

    def __init__(self) -> None:
        super().__init__(self.reason)

    def sentence(self, alternative: str) -> str:
        """Return a sentence for the user. `alternative` says what to do instead."""
        return f"{self.reason}: {alternative}{', or try again later' if self.retry_after else ''}."


class RendererBusy(PrintingError):
    """Other documents or programs take up the time."""

    code = "renderer_busy"
    reason = "Too many PDFs are being created at the moment"
    retry_after = 5


class RendererMissing(PrintingError):
    """The system libraries that WeasyPrint needs are not installed."""

    code = "renderer_missing"
    reason = "This server cannot create PDFs, because Pango is not installed"
    retry_after = 3600


class TooLargeToPrint(PrintingError):
    """The document exceeds a limit on size, processor time or memory."""

    code = "too_large_to_print"
    reason = "The document takes too much time or memory to print"
    retry_after = None


class Unprintable(PrintingError):
    """The document makes the renderer crash."""

    code = "unprintable"
    reason = "The document cannot be printed"
    retry_after = None
