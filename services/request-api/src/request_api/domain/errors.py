"""Errors of request-api, each with its status, its code and a sentence for the user."""

from chassis.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
from contracts.vocabulary import MAX_TEXT_CHARACTERS


class CandidateNotFound(NotFound):
    """The candidate does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Candidate not found.", code="candidate_not_found")


class ResumeNotFound(NotFound):
    """The resume does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Resume not found.", code="resume_not_found")


class AnalysisNotFound(NotFound):
    """The analysis does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Analysis not found.", code="analysis_not_found")


class ResumeNotDeletable(Forbidden):
    """The principal sees the resume through an assignment, but another user uploaded it."""

    def __init__(self) -> None:
        super().__init__(
            "Only whoever uploaded this resume, or a senior recruiter, can delete it.",
            code="resume_not_deletable",
        )


class UserUnknown(Forbidden):
    """The token is valid, but the legacy backend has no such user. New rows have to refer to one."""

    def __init__(self) -> None:
        super().__init__(
            "Your account is not set up here yet; ask an administrator to set it up.", code="user_unknown"
        )


class AnalysisHasEnded(BadRequest):
    """The analysis has ended, so it cannot be cancelled."""

    def __init__(self) -> None:
        super().__init__("This analysis has already ended.", code="analysis_has_ended")


class UploadHasEnded(BadRequest):
    """The file was read, so the upload cannot be cancelled."""

    def __init__(self) -> None:
        super().__init__("This upload has already been read.", code="upload_has_ended")


class DailyLimitReached(TooManyRequests):
    """The user has reached the daily limit, which bounds the cost of a client that loops by mistake."""

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
    """The legacy backend stored a file that it could not read."""

    def __init__(self) -> None:
        super().__init__(
            "This resume has no readable text; upload it again as PDF, DOCX or TXT.", code="no_text"
        )


class ResumeTooLong(Unprocessable):
    """The legacy backend stored a file without a limit on its length."""

    def __init__(self) -> None:
        super().__init__(
            f"This resume has more than {MAX_TEXT_CHARACTERS:,} characters; upload a shorter version.",
            code="too_much_text",
        )


class EmailTaken(Conflict):
    """Another candidate has the address. docs/decisions/0014 explains why the caller learns that."""

    def __init__(self) -> None:
        super().__init__(
            "A candidate with this email address already exists; if you cannot see that candidate,"
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
