"""Errors of results-api. Those for callers have a status, a code and a sentence for the user."""

from chassis.errors import NotFound, TooManyRequests, Unavailable, Unprocessable


class AnalysisNotFound(NotFound):
    """The analysis does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Analysis not found.", code="analysis_not_found")


class JobNotFound(NotFound):
    """The job does not exist, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Job not found.", code="job_not_found")


class MatchNotFound(NotFound):
    """The match does not exist or has not arrived yet, or the principal may not see it."""

    def __init__(self) -> None:
        super().__init__("Match not found.", code="match_not_found")


class DifferentJobVersions(Unprocessable):
    """Matches to different versions of a job have different requirements."""

    def __init__(self) -> None:
        super().__init__(
            "The matches belong to different versions of the job; match the resumes to one version.",
            code="different_job_versions",
        )


class RepeatedMatch(Unprocessable):
    """A match cannot be compared with itself."""

    def __init__(self) -> None:
        super().__init__("Each match_id may be given once.", code="repeated_match")


class UnknownRequirement(Unprocessable):
    """The version of the job has no such requirement."""

    def __init__(self) -> None:
        super().__init__("The job has no requirement with this id in this version.", code="bad_filters")


class ResumeNotFound(Exception):
    """The resume of an analysis was deleted, or the caller may not see it."""


class InvalidFilters(Unprocessable):
    """The filters of a list contradict each other."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code="bad_filters")


class InvalidCursor(Unprocessable):
    """The cursor does not come from a list of this service, or from one with other filters or sorting."""

    def __init__(self) -> None:
        super().__init__("Invalid cursor. Start again from the first page.", code="bad_cursor")


class TooManyToExport(Unprocessable):
    """More rows match than one export may contain."""

    def __init__(self, limit: int, rows: str = "analyses") -> None:
        super().__init__(
            f"More than {limit:,} {rows} match, which is too many for one export; narrow the filters.",
            code="too_many_to_export",
        )


class TooManyExports(Unavailable):
    """The process has reached its limit of concurrent exports. Each holds its rows in memory."""

    def __init__(self) -> None:
        super().__init__("Too many exports are running; try again.", retry_after=2)


class TooManyExportsOfUser(TooManyRequests):
    """The user already runs an export."""

    def __init__(self) -> None:
        super().__init__(
            "Your previous export is still running; try again.", code="too_many_exports", retry_after=2
        )


class TooManyStreams(Unavailable):
    """The process has reached its limit of live updates. Each holds a connection and memory."""

    def __init__(self) -> None:
        super().__init__("Too many live updates are open; poll the status instead.", retry_after=10)


class TooManyStreamsOfUser(TooManyRequests):
    """The user has reached the limit of live updates per user."""

    def __init__(self) -> None:
        super().__init__(
            "You have too many live updates open; close some of them, or poll the status instead.",
            code="too_many_streams",
            retry_after=10,
        )


class TooManyReports(Unavailable):
    """The process prints as many reports as it may, and as many wait."""

    def __init__(self) -> None:
        super().__init__(
            "Too many PDFs are being created at the moment: try again in a few seconds.",
            code="renderer_busy",
            retry_after=5,
        )


class TooManyReportsOfUser(TooManyRequests):
    """The user has reached the limit of PDFs that are created at the same time."""

    def __init__(self) -> None:
        super().__init__(
            "Your other PDFs are still being created: try again in a few seconds.",
            code="own_reports_first",
            retry_after=5,
        )


class RequestDeleted(Exception):
    """The request of a result was deleted, so the result cannot be stored."""


class RequestApiUnavailable(Unavailable):
    """request-api cannot be reached, so it is unknown whether the analysis or the job exists."""

    def __init__(self) -> None:
        super().__init__("The answer is temporarily unavailable; try again.", retry_after=1)
