"""Settings of the connection to a service's database."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chassis.settings.base import SettingsWithoutInput, refuse_unused
from chassis.settings.tls import client_context


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """Address of a database and encryption of its connections."""

    # In SQLAlchemy's form, with asyncpg as driver and with the password.
    url: str = field(repr=False)
    # The `ssl` argument of asyncpg: "prefer" encrypts if the server can, and verifies nothing.
    tls: ssl.SSLContext | Literal["disable", "prefer"] = "prefer"

    @property
    def dsn(self) -> str:
        """Return the URL in asyncpg's own form."""
        return self.url.replace("postgresql+asyncpg://", "postgresql://", 1)


def _asyncpg(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("postgresql+asyncpg://"):
        raise ValueError("must start with postgresql+asyncpg://")
    try:
        query = make_url(value.get_secret_value()).query
    except (ArgumentError, ValueError):
        raise ValueError("is no address") from None
    # Options in the URL would be overruled silently.
    if any(name.startswith("ssl") for name in query):
        raise ValueError("must not speak of ssl: database_tls does")
    return value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_asyncpg)]


class OptionalDatabaseSettings(SettingsWithoutInput):
    """A database that the service can work without."""

    database_url: DatabaseUrl | None = None
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 10
    # The values are libpq's: "prefer" encrypts if the server can, and verifies nothing.
    database_tls: Literal["disable", "prefer", "verify-full"] = "prefer"
    # Trusted authorities and client certificate, as for Kafka.
    database_ca_file: Path | None = None
    database_certificate_file: Path | None = None
    database_key_file: Path | None = None

    def database_address(self) -> DatabaseAddress | None:
        """Return the address, or None without a URL. Reads the files.

        Raises:
            ValueError: the settings contradict each other, or a file is unusable.
        """
        tls = self._database_tls()
        return (
            DatabaseAddress(url=self.database_url.get_secret_value(), tls=tls) if self.database_url else None
        )

    def _database_tls(self) -> ssl.SSLContext | Literal["disable", "prefer"]:
        files = {
            "ca_file": self.database_ca_file,
            "certificate_file": self.database_certificate_file,
            "key_file": self.database_key_file,
        }
        if self.database_tls == "verify-full":
            return client_context(name="database", **files)
        refuse_unused("database", files, to_use="database_tls to verify-full")
        return self.database_tls

    @field_validator("database_url", mode="before")
    @classmethod
    def _no_url(cls, value: object) -> object:
        """Read an empty string, which compose files and charts pass, as not set."""
        return None if value == "" else value

    @model_validator(mode="after")
    def _trusted(self) -> Self:
        self.database_address()
        return self


class DatabaseSettings(OptionalDatabaseSettings):
    """The service's own database."""

    database_url: DatabaseUrl

    def database_address(self) -> DatabaseAddress:
        """Return the address. Reads the files."""
        return DatabaseAddress(url=self.database_url.get_secret_value(), tls=self._database_tls())


class MigrationSettings(DatabaseSettings):
    """The database as its owner, and the role of the service."""

    # None if the service connects as the owner too.
    database_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] | None = None
