import ssl

import asyncpg
import pytest
from chassis.db import is_away, why_away
from sqlalchemy import exc


def wrapped(cause: Exception) -> exc.DBAPIError:
    """As SQLAlchemy wraps what asyncpg raises: by an error of its adapter."""
    original = Exception("adapter")
    original.__cause__ = cause
    return exc.DBAPIError("SELECT 1", {}, original)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        exc.TimeoutError(),
        asyncpg.InternalClientError(),
        asyncpg.InvalidPasswordError(),
        asyncpg.InvalidCatalogNameError(),
        wrapped(asyncpg.ReadOnlySQLTransactionError()),
        wrapped(asyncpg.AdminShutdownError()),
        wrapped(asyncpg.CannotConnectNowError()),
        wrapped(asyncpg.TooManyConnectionsError()),
        wrapped(asyncpg.DiskFullError()),
        wrapped(asyncpg.DeadlockDetectedError()),
        wrapped(asyncpg.QueryCanceledError()),
        wrapped(asyncpg.PostgresIOError()),
    ],
    ids=lambda error: type(getattr(error, "orig", error).__cause__ or error).__name__,
)
def test_the_databases_trouble(error: Exception) -> None:
    assert is_away(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        wrapped(asyncpg.UniqueViolationError()),
        wrapped(asyncpg.ForeignKeyViolationError()),
        wrapped(asyncpg.UndefinedTableError()),
        wrapped(asyncpg.InsufficientPrivilegeError()),
        wrapped(asyncpg.CharacterNotInRepertoireError()),
    ],
    ids=lambda error: type(getattr(error, "orig", error).__cause__ or error).__name__,
)
def test_the_statements_own_fault(error: Exception) -> None:
    assert not is_away(error)


def refused(message: str) -> ssl.SSLCertVerificationError:
    """As OpenSSL's verification ends a handshake."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (None, "the database does not answer"),
        (ConnectionRefusedError(), "the database does not answer"),
        (wrapped(asyncpg.AdminShutdownError()), "the database does not answer"),
        (wrapped(asyncpg.InvalidPasswordError("for user x")), "the database refuses the password"),
        (
            wrapped(asyncpg.InvalidAuthorizationSpecificationError("no entry")),
            "the database does not let this user in, or not without TLS or a certificate",
        ),
        (refused("it is old"), "the database's certificate is not accepted: it is old"),
    ],
)
def test_why_it_is_away(error: Exception | None, sentence: str) -> None:
    assert why_away(error) == sentence
