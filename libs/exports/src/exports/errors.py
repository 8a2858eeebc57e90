"""Reasons why a resume is not exported, each with a sentence for the user."""

from typing import ClassVar


class ExportError(Exception):
    """A resume that is not exported. The message never quotes it."""

    code: ClassVar[str] = "export_failed"
    message: ClassVar[str] = "The resume could not be exported; try again later."
    # Seconds for a Retry-After header; None if the resume itself is the cause, so that no retry can help.
    retry_after: ClassVar[int | None] = 60

    def __init__(self) -> None:
        super().__init__(self.message)


class ExporterBusy(ExportError):
    """Other exports or programs take up the time."""

    code = "exports_busy"
    message = "Too many resumes are being exported at the moment; try again in a few seconds."
    retry_after = 5


class NoWords(ExportError):
    """The text holds no words."""

    code = "no_text"
    message = "This resume has no readable text; upload it again as PDF, DOCX or TXT."
    retry_after = None


class ExportTooComplex(ExportError):
    """The resume exceeds a limit on processor time, memory or size."""

    code = "export_too_complex"
    message = "This resume takes too much time or memory to export; upload a shorter version."
    retry_after = None


class NotExportable(ExportError):
    """The resume makes the export crash."""

    code = "not_exportable"
    message = "This resume cannot be exported; upload it again in another format."
    retry_after = None
