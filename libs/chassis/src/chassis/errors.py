"""Errors that a caller is told of, by kind. `chassis.http.problems` renders them."""

from typing import ClassVar


class Problem(Exception):
    """An error that the caller is told of. `code` names the case for programs."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(self, detail: str, *, code: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.retry_after = retry_after


class BadRequest(Problem):
    """Asked for at the wrong time; where the existing frontend expects another status, this one is it."""

    status = 400
    title = "Bad Request"


class Unauthorized(Problem):
    """No token, or one that is not good."""

    status = 401
    title = "Unauthorized"


class Forbidden(Problem):
    """What may be seen, but not done."""

    status = 403
    title = "Forbidden"


class NotFound(Problem):
    """What does not exist, or may not be seen: the two must not be told apart."""

    status = 404
    title = "Not Found"


class RequestTimeout(Problem):
    """A request that did not arrive in time."""

    status = 408
    title = "Request Timeout"


class Conflict(Problem):
    """The request contradicts what stands."""

    status = 409
    title = "Conflict"


class ContentTooLarge(Problem):
    """More bytes than are taken."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaType(Problem):
    """A kind of content that is not taken."""

    status = 415
    title = "Unsupported Media Type"


class Unprocessable(Problem):
    """Understood, but wrong."""

    status = 422
    title = "Unprocessable Content"


class TooManyRequests(Problem):
    """More than is allowed in a time."""

    status = 429
    title = "Too Many Requests"


class Unavailable(Problem):
    """Something that is needed is away for the moment."""

    status = 503
    title = "Service Unavailable"
