"""Settings that services share; each service adds its own and sets the prefix of the environment."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chassis.db.address import DatabaseAddress
from chassis.messaging.security import KafkaSecurity, SaslLogin, SaslMechanism
from chassis.tls import client_context

_ADDRESS = r"(\[[0-9a-fA-F:]+\]|[^\s,:\[\]]+):\d{1,5}"


class _Settings(BaseSettings):
    # What is wrong is often a secret in the wrong place.
    model_config = SettingsConfigDict(hide_input_in_errors=True)


class KafkaSettings(_Settings):
    """Where Kafka is, and how to connect to it; files are PEM."""

    # host:port, or several with commas between.
    kafka_bootstrap_servers: Annotated[str, Field(pattern=rf"^{_ADDRESS}(,{_ADDRESS})*$")]
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: SaslMechanism | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    # Whom to trust; the system's authorities when not set.
    kafka_ca_file: Path | None = None
    # Who we are, to a Kafka that asks for it.
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None

    def kafka_security(self) -> KafkaSecurity:
        """What the settings say, with the files as they are now.

        Raises:
            ValueError: they contradict each other, or a file is of no use.
        """
        return KafkaSecurity(tls=self._kafka_tls(), login=self._kafka_login())

    @model_validator(mode="after")
    def _secure(self) -> Self:
        self.kafka_security()
        return self

    def _kafka_tls(self) -> ssl.SSLContext | None:
        files = {
            "ca_file": self.kafka_ca_file,
            "certificate_file": self.kafka_certificate_file,
            "key_file": self.kafka_key_file,
        }
        if self.kafka_security_protocol.endswith("SSL"):
            return client_context(name="kafka", **files)
        _refuse("kafka", files, to_use="kafka_security_protocol to SSL or SASL_SSL")
        return None

    def _kafka_login(self) -> SaslLogin | None:
        protocol = self.kafka_security_protocol
        mechanism, username, password = (
            self.kafka_sasl_mechanism,
            self.kafka_sasl_username,
            self.kafka_sasl_password,
        )
        if protocol.startswith("SASL"):
            if not (mechanism and username and password):
                raise ValueError(
                    f"{protocol} needs kafka_sasl_mechanism, kafka_sasl_username and kafka_sasl_password"
                )
            return SaslLogin(mechanism=mechanism, username=username, password=password.get_secret_value())
        login = {"mechanism": mechanism, "username": username, "password": password}
        _refuse("kafka_sasl", login, to_use="kafka_security_protocol to SASL_SSL or SASL_PLAINTEXT")
        return None


class ServiceSettings(KafkaSettings):
    """Where a service listens, how it logs, and where Kafka is."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    # How long a stop may take, once open requests were answered; what still runs then is abandoned, and
    # done again by another member of the group.
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 20


def _asyncpg(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("postgresql+asyncpg://"):
        raise ValueError("must start with postgresql+asyncpg://")
    try:
        query = make_url(value.get_secret_value()).query
    except (ArgumentError, ValueError):
        raise ValueError("is no address") from None
    # What it said there would be overruled in silence.
    if any(name.startswith("ssl") for name in query):
        raise ValueError("must not speak of ssl: database_tls does")
    return value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_asyncpg)]


class OptionalDatabaseSettings(_Settings):
    """A database of its own that the service can do without."""

    database_url: DatabaseUrl | None = None
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 10
    # The words are libpq's. "prefer" encrypts where the server can, and checks nothing.
    database_tls: Literal["disable", "prefer", "verify-full"] = "prefer"
    # As for Kafka: whom to trust, and who we are.
    database_ca_file: Path | None = None
    database_certificate_file: Path | None = None
    database_key_file: Path | None = None

    def database_address(self) -> DatabaseAddress | None:
        """What the settings say, with the files as they are now; None without a URL.

        Raises:
            ValueError: they contradict each other, or a file is of no use.
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
        _refuse("database", files, to_use="database_tls to verify-full")
        return self.database_tls

    @field_validator("database_url", mode="before")
    @classmethod
    def _no_url(cls, value: object) -> object:
        """As compose files and charts pass what was not set."""
        return None if value == "" else value

    @model_validator(mode="after")
    def _trusted(self) -> Self:
        self.database_address()
        return self


class DatabaseSettings(OptionalDatabaseSettings):
    """The service's own database."""

    database_url: DatabaseUrl

    def database_address(self) -> DatabaseAddress:
        """As there, and never None."""
        return DatabaseAddress(url=self.database_url.get_secret_value(), tls=self._database_tls())


class MigrationSettings(DatabaseSettings):
    """What a migration is told: the database as its owner reaches it, and whom the service connects as."""

    # None: the service connects as the owner too.
    database_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] | None = None


class AuthSettings(_Settings):
    """Which bearer tokens are good: those of a JWKS issuer, those signed with a shared secret, or both."""

    auth_jwks_url: HttpUrl | None = None
    auth_issuer: str | None = None
    auth_audience: str | None = None
    # Of the existing backend; HS256 wants a key at least as long as its hash.
    auth_shared_secret: Annotated[SecretStr, Field(min_length=32)] | None = None

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if self.auth_jwks_url is None and self.auth_shared_secret is None:
            raise ValueError("set auth_jwks_url or auth_shared_secret (or both)")
        if self.auth_jwks_url is not None and not (self.auth_issuer and self.auth_audience):
            raise ValueError("auth_jwks_url needs auth_issuer and auth_audience")
        return self


def _refuse(prefix: str, values: Mapping[str, object], *, to_use: str) -> None:
    """Nothing of this may be set: it would have no effect, and somebody relies on it."""
    names = ", ".join(f"{prefix}_{name}" for name, value in values.items() if value is not None)
    if names:
        raise ValueError(f"{names} would have no effect: set {to_use}")
