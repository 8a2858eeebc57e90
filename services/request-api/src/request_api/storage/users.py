"""Users as the existing backend's database has them: what one makes refers to its row."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg import ForeignKeyViolationError

from request_api.errors import UserUnknown


@contextmanager
def user_is_known() -> Iterator[None]:
    """For a statement of which everything else that it refers to is known to be there.

    Raises:
        UserUnknown: an issuer vouches for somebody whom the database does not have.
    """
    try:
        yield
    except ForeignKeyViolationError as error:
        raise UserUnknown from error
