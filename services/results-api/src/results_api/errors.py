"""What can be wrong with a request, each with its status and its sentence."""

from chassis.errors import NotFound, TooManyRequests, Unavailable, Unprocessable


class AnalysisNotFound(NotFound):
    """Unknown, or not the caller's to see."""

    def __init__(self) -> None:
        super().__init__("There is no such analysis.", code="analysis_not_found")


class CursorNotOurs(Unprocessable):
    """Not one that a list gave."""

    def __init__(self) -> None:
        super().__init__("Invalid cursor. Start again from the first page.", code="bad_cursor")


class TooManyStreams(Unavailable):
    """Each open stream holds a connection and memory."""

    def __init__(self) -> None:
        super().__init__("Too many live updates are open; poll the status instead.", retry_after=10)


class TooManyOwnStreams(TooManyRequests):
    """The caller has as many live updates open as one user may."""

    def __init__(self) -> None:
        super().__init__(
            "You have too many live updates open; close some of them, or poll the status instead.",
            code="too_many_streams",
            retry_after=10,
        )


class RequestIsGone(Exception):
    """What a result belongs to was deleted; it is of no use to anybody."""


class RequestsAway(Unavailable):
    """Whether the analysis exists cannot be said now; saying it does not would be a lie."""

    def __init__(self) -> None:
        super().__init__("The status is not known at the moment; ask again.", retry_after=1)
