"""Reasons why a document is not printed, each with a sentence for the user. All are answered with 503."""

from typing import ClassVar


class PrintingError(Exception):
    """A document that cannot be printed now. The message never quotes the document."""

    code: ClassVar[str] = "printing_failed"
    message: ClassVar[str] = "The PDF could not be created: open the document as HTML instead."
    # Seconds for a Retry-After header.
    retry_after: ClassVar[int] = 60

    def __init__(self) -> None:
        super().__init__(self.message)


class RendererBusy(PrintingError):
    """Other documents take up the time."""

    code = "renderer_busy"
    message = "Too many PDFs are being created at the moment: try again in a few seconds."
    retry_after = 5


class RendererMissing(PrintingError):
    """The system libraries that WeasyPrint needs are not installed."""

    code = "renderer_missing"
    message = (
        "This server cannot create PDFs, because Pango is not installed: open the document as HTML instead."
    )
    retry_after = 3600


class TooLongToPrint(PrintingError):
    """The document exceeds a limit on size, time or memory."""

    code = "too_long_to_print"
    message = (
        "The document takes too much time or memory to print: open it as HTML instead, or try again later."
    )
