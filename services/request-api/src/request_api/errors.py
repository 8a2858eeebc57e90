"""What can be wrong with a request, each with its status and its sentence."""

from chassis.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    RequestTimeout,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
from contracts.vocabulary import MAX_TEXT_CHARACTERS


class CandidateNotFound(NotFound):
    """Unknown, or not the caller's to see."""

    def __init__(self) -> None:
        super().__init__("There is no such candidate.", code="candidate_not_found")


class ResumeNotFound(NotFound):
    """Unknown, or not the caller's to see."""

    def __init__(self) -> None:
        super().__init__("There is no such resume.", code="resume_not_found")


class AnalysisNotFound(NotFound):
    """Unknown, or not the caller's to see."""

    def __init__(self) -> None:
        super().__init__("There is no such analysis.", code="analysis_not_found")


class ResumeNotDeletable(Forbidden):
    """Visible through an assignment, but uploaded by somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "Only whoever uploaded this resume, or a senior recruiter, can delete it.",
            code="resume_not_deletable",
        )


class UserUnknown(Forbidden):
    """The token is good, but what one makes belongs to a user, and the existing backend has no such one."""

    def __init__(self) -> None:
        super().__init__(
            "Your account is not set up here yet; ask an administrator to do so.", code="user_unknown"
        )


class AnalysisHasEnded(BadRequest):
    """There is nothing left to cancel."""

    def __init__(self) -> None:
        super().__init__("This analysis has already ended.", code="analysis_has_ended")


class UploadHasEnded(BadRequest):
    """There is nothing left to cancel."""

    def __init__(self) -> None:
        super().__init__("This upload has already been read.", code="upload_has_ended")


class TooManyUploads(TooManyRequests):
    """The caller sends as many files at once as one user may."""

    def __init__(self) -> None:
        super().__init__(
            "You are uploading too many files at once; wait until one of them has ended.",
            code="too_many_uploads",
            retry_after=5,
        )


class UploadsBusy(Unavailable):
    """All users together send as many files at once as this process takes."""

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
    """The client closed the connection before its answer. Only logs and metrics see this."""

    def __init__(self) -> None:
        super().__init__("The upload was broken off.", code="upload_aborted")


class BadForm(BadRequest):
    """The body is not a form with one file."""

    def __init__(self) -> None:
        super().__init__(
            "The form cannot be read; send one file as multipart/form-data, in a field called file.",
            code="bad_form",
        )


class StorageUnavailable(Unavailable):
    """The temporary disk is full or cannot be written, which is the operator's to mend."""

    def __init__(self) -> None:
        super().__init__(
            "Files cannot be stored at the moment; try again later.",
            code="storage_unavailable",
            retry_after=10,
        )


class DailyLimitReached(TooManyRequests):
    """So many analyses a person and day, so that a mistake in a loop does not cost a fortune."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"You have asked for {limit:,} analyses within 24 hours, which is the limit; try again later.",
            code="daily_limit_reached",
            retry_after=3600,
        )


class IndustryNotStorable(Unavailable):
    """A check constraint of the legacy backend's database allows no name for the industry."""

    def __init__(self) -> None:
        super().__init__(
            "Analyses for this industry cannot be stored at the moment; try again later or choose another.",
            code="industry_not_storable",
            retry_after=60,
        )


class ResumeNotReadable(Unprocessable):
    """The old backend took files in that it could not read."""

    def __init__(self) -> None:
        super().__init__(
            "This resume has no readable text; upload it again as PDF, DOCX or TXT.", code="no_text"
        )


class ResumeTooLong(Unprocessable):
    """The old backend took files in of any length."""

    def __init__(self) -> None:
        super().__init__(
            f"This resume has more than {MAX_TEXT_CHARACTERS:,} characters; upload a shorter version.",
            code="too_much_text",
        )


class EmailTaken(Conflict):
    """Another candidate has the address; docs/decisions/0014 says why that is told."""

    def __init__(self) -> None:
        super().__init__(
            "There is a candidate with this email address already; if you cannot see that candidate,"
            " ask a senior recruiter to assign you.",
            code="email_taken",
        )


class IdempotencyKeyReused(Conflict):
    """The key was used with another request."""

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used with another request; use a new key.",
            code="idempotency_key_reused",
        )
