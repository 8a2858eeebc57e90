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
from contracts.matching import MAX_JOB_CHARACTERS
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


class JobNotFound(NotFound):
    """The job does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Job not found.", code="job_not_found")


class JobVersionNotFound(NotFound):
    """The principal may see the job, but it has no such version."""

    def __init__(self) -> None:
        super().__init__("This job has no such version.", code="job_version_not_found")


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


class ResumeNotYetRead(Conflict):
    """The legacy backend has not read the file yet. The text that it will store is not known."""

    def __init__(self) -> None:
        super().__init__(
            "A resume is still being read; try again when it has been read, or cancel its upload.",
            code="resume_not_yet_read",
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


class JobChanged(Conflict):
    """The job has a newer version than the one that was edited. Storing the edit would lose another one."""

    def __init__(self, *, version: int) -> None:
        super().__init__(
            f"This job was changed in the meantime and is now version {version}; read it again, and repeat"
            " your changes.",
            code="job_changed",
        )


class TooManyOpenJobs(Conflict):
    """The user has reached the limit of open jobs."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"The user who created this job has {limit:,} open jobs, which is the limit; close or delete one"
            " of them first.",
            code="too_many_open_jobs",
        )


class TooManyVersions(Conflict):
    """The job has reached the limit of versions."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"This job has {limit:,} versions, which is the limit; create a new job with its text.",
            code="too_many_versions",
        )


class JobClosed(Conflict):
    """The job is closed, so resumes are not matched with it."""

    def __init__(self) -> None:
        super().__init__("This job is closed; open it again first.", code="job_closed")


class TooManyCandidates(Unprocessable):
    """A request for all candidates would exceed the limit of matches in a request."""

    def __init__(self, *, candidates: int, limit: int) -> None:
        super().__init__(
            f"You have {candidates:,} candidates with a resume, and a request matches {limit:,} at most;"
            " name the resumes in several requests.",
            code="too_many_candidates",
        )


class TooManyUnfinishedMatches(TooManyRequests):
    """The user's other matches are not finished, and more of them would delay those of other users."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"No more than {limit:,} of your matches can wait at the same time; try again when some have"
            " finished.",
            code="too_many_unfinished_matches",
            retry_after=30,
        )


class DailyMatchLimitReached(TooManyRequests):
    """The user has reached the daily limit, which bounds the cost of a client that loops by mistake."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"No more than {limit:,} matches can be requested within 24 hours; try again later.",
            code="daily_match_limit_reached",
            retry_after=3600,
        )


class JobTextTooLong(Unprocessable):
    """The file has more text than a job may have."""

    def __init__(self) -> None:
        super().__init__(
            f"The file has more than {MAX_JOB_CHARACTERS:,} characters; upload the job alone.",
            code="job_text_too_long",
        )


class JobTextUnreadable(Unprocessable):
    """The text takes more than a worker may use, whenever it is tried."""

    def __init__(self) -> None:
        super().__init__(
            "The requirements of this text cannot be extracted; simplify the text.",
            code="job_text_unreadable",
        )


class TooManyExtractions(TooManyRequests):
    """The user's other jobs are still being read."""

    def __init__(self) -> None:
        super().__init__(
            "Your other jobs are still being read; try again in a few seconds.",
            code="too_many_jobs_at_once",
            retry_after=2,
        )


class ExtractionsBusy(Unavailable):
    """The jobs of other users are being read."""

    def __init__(self) -> None:
        super().__init__(
            "Too many jobs are being read at the moment; try again in a few seconds.",
            code="jobs_busy",
            retry_after=2,
        )


class ExtractionFailed(Unavailable):
    """The process that reads a job's requirements hung or ended."""

    def __init__(self) -> None:
        super().__init__(
            "This job cannot be read at the moment; try again later.",
            code="job_not_read",
            retry_after=60,
        )


class RequirementUnknown(Unprocessable):
    """An edited requirement is neither one of the job's version nor one that was removed from it."""

    def __init__(self) -> None:
        super().__init__(
            "A requirement has an id that this job does not know; leave the id out to add a requirement.",
            code="requirement_unknown",
        )


class RequirementRepeated(Unprocessable):
    """Two requirements have the same id."""

    def __init__(self) -> None:
        super().__init__("Two requirements have the same id.", code="requirement_repeated")


class RequirementEmpty(Unprocessable):
    """Nothing says what the requirement asks for."""

    def __init__(self) -> None:
        super().__init__("A requirement needs terms or a minimum.", code="requirement_empty")


class RequirementNotAllowed(Unprocessable):
    """The requirement is about something that must not decide about a person."""

    def __init__(self, *, ground: str) -> None:
        super().__init__(
            f"A requirement must not be about {_GROUNDS.get(ground, ground)}; remove it.",
            code=f"requirement_about_{ground}",
        )


_GROUNDS = {"instruction": "how resumes are judged"}
