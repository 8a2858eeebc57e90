"""Errors with an HTTP status, which `chassis.http.problems` renders for the caller."""

from typing import ClassVar


class Problem(Exception):
    """An error that is reported to the caller.

    `detail` is one sentence for a person; `code` names the case for programs.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(self, detail: str, *, code: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.retry_after = retry_after


class BadRequest(Problem):
    """A request that the current state does not allow, where the legacy frontend expects status 400."""

    status = 400
    title = "Bad Request"


class Unauthorized(Problem):
    """The bearer token is missing or invalid."""

    status = 401
    title = "Unauthorized"


class Forbidden(Problem):
    """The caller may see the resource but not perform the action."""

    status = 403
    title = "Forbidden"


class NotFound(Problem):
    """The resource does not exist or is not visible to the caller; the answer is the same for both."""

    status = 404
    title = "Not Found"


class RequestTimeout(Problem):
    """The request did not arrive in time."""

    status = 408
    title = "Request Timeout"


class Conflict(Problem):
    """The request contradicts the current state."""

    status = 409
    title = "Conflict"


class ContentTooLarge(Problem):
    """The body has more bytes than allowed."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaType(Problem):
    """The content type is not accepted."""

    status = 415
    title = "Unsupported Media Type"


class Unprocessable(Problem):
    """The request is well-formed but invalid."""

    status = 422
    title = "Unprocessable Content"


class TooManyRequests(Problem):
    """The caller exceeded a limit."""

    status = 429
    title = "Too Many Requests"


class Unavailable(Problem):
    """A dependency is unavailable for the moment."""

    status = 503
    title = "Service Unavailable"
