import ssl

import asyncpg
import pytest
from chassis.db.database import is_unavailable, unavailability_reason


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.InternalClientError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InvalidPasswordError(),
        asyncpg.InvalidCatalogNameError(),
        asyncpg.ReadOnlySQLTransactionError(),
        asyncpg.AdminShutdownError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.DiskFullError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.QueryCanceledError(),
        asyncpg.IdleInTransactionSessionTimeoutError(),
        asyncpg.PostgresIOError(),
        asyncpg.InvalidCachedStatementError(),
        ssl.SSLCertVerificationError(1, "certificate verify failed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_of_an_unavailable_database(error: Exception) -> None:
    assert is_unavailable(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        AttributeError(),
        asyncpg.exceptions.DataError(),
        asyncpg.UniqueViolationError(),
        asyncpg.ForeignKeyViolationError(),
        asyncpg.UndefinedTableError(),
        asyncpg.InsufficientPrivilegeError(),
        asyncpg.CharacterNotInRepertoireError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_of_a_wrong_statement(error: Exception) -> None:
    assert not is_unavailable(error)


def refused(message: str) -> ssl.SSLCertVerificationError:
    """Return the error with which OpenSSL's verification ends a handshake."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (None, "the database does not answer"),
        (ConnectionRefusedError(), "the database does not answer"),
        (asyncpg.AdminShutdownError(), "the database does not answer"),
        (asyncpg.InvalidPasswordError("for user x"), "the database refuses the password"),
        (
            asyncpg.InvalidAuthorizationSpecificationError("no entry"),
            "the database does not let this user in, or not without TLS or a certificate",
        ),
        (refused("it is old"), "the database's certificate is not accepted: it is old"),
    ],
)
def test_reason_of_unavailability(error: Exception | None, sentence: str) -> None:
    assert unavailability_reason(error) == sentence
