"""Users of the legacy backend's database. Rows that a user creates refer to the user's row."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg import ForeignKeyViolationError

from request_api.domain.errors import UserUnknown


@contextmanager
def user_is_known() -> Iterator[None]:
    """Wrap a statement that can violate no foreign key but the one to the user.

    Raises:
        UserUnknown: the token's issuer knows a user that the database does not have.
    """
    try:
        yield
    except ForeignKeyViolationError as error:
        raise UserUnknown from error
