"""Errors of receiving uploads and of exports."""

from typing import Final

from chassis.errors import (
    BadRequest,
    ContentTooLarge,
    Problem,
    RequestTimeout,
    TooManyRequests,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from documents.errors import DocumentError

_BY_STATUS: Final[dict[int, type[Problem]]] = {
    problem.status: problem
    for problem in (ContentTooLarge, UnsupportedMediaType, Unprocessable, TooManyRequests, Unavailable)
}


def document_problem(error: DocumentError) -> Problem:
    """Return the answer to a file that is not accepted."""
    return _BY_STATUS[error.status](error.detail, code=error.code, retry_after=error.retry_after)


class TooManyUploads(TooManyRequests):
    """The user has reached the limit of simultaneous uploads per user."""

    def __init__(self) -> None:
        super().__init__(
            "You are uploading too many files at once; wait until one of them has finished.",
            code="too_many_uploads",
            retry_after=5,
        )


class UploadsBusy(Unavailable):
    """The process has reached its limit of simultaneous uploads."""

    def __init__(self) -> None:
        super().__init__(
            "Too many files are being uploaded at the moment; try again in a few seconds.",
            code="uploads_busy",
            retry_after=5,
        )


class UploadTooSlow(RequestTimeout):
    """The body did not arrive in time."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__(
            f"The file did not arrive within {seconds:g} s; try again on a faster connection.",
            code="upload_too_slow",
        )


class UploadAborted(BadRequest):
    """The client closed the connection before the response. Only logs and metrics show this error."""

    def __init__(self) -> None:
        super().__init__("The upload was interrupted.", code="upload_aborted")


class BadForm(BadRequest):
    """The body is not a form with one file."""

    def __init__(self) -> None:
        super().__init__(
            "The form cannot be read; send one file as multipart/form-data, in a field called file.",
            code="bad_form",
        )


class StorageUnavailable(Unavailable):
    """The temporary disk is full or not writable. An operator has to fix this."""

    def __init__(self) -> None:
        super().__init__(
            "Files cannot be stored at the moment; try again later.",
            code="storage_unavailable",
            retry_after=10,
        )


class TooManyExports(TooManyRequests):
    """The user has reached the limit of simultaneous exports per user."""

    def __init__(self) -> None:
        super().__init__(
            "You are exporting too many resumes at once; wait until one of them has finished.",
            code="too_many_exports",
            retry_after=2,
        )


class ExportsBusy(Unavailable):
    """The process has reached its limit of simultaneous exports."""

    def __init__(self) -> None:
        super().__init__(
            "Too many resumes are being exported at the moment; try again in a few seconds.",
            code="exports_busy",
            retry_after=2,
        )
