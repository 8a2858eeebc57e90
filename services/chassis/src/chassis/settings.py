"""Settings that services share; each service adds its own and sets the prefix of the environment."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = r"(\[[0-9a-fA-F:]+\]|[^\s,:\[\]]+):\d{1,5}"


class _Settings(BaseSettings):
    # What is wrong is often a secret in the wrong place.
    model_config = SettingsConfigDict(hide_input_in_errors=True)


class ServiceSettings(_Settings):
    """Where a service listens, how it logs, and where Kafka is."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    # host:port, or several with commas between.
    kafka_bootstrap_servers: Annotated[str, Field(pattern=rf"^{_ADDRESS}(,{_ADDRESS})*$")]
    # How long a stop may take, once open requests were answered; what still runs then is abandoned, and
    # done again by another member of the group.
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 20


def _asyncpg(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("postgresql+asyncpg://"):
        raise ValueError("must start with postgresql+asyncpg://")
    return value


DatabaseUrl = Annotated[SecretStr, AfterValidator(_asyncpg)]


class DatabaseSettings(_Settings):
    """The service's own database."""

    database_url: DatabaseUrl
    database_pool_size: Annotated[int, Field(ge=1, le=100)] = 10


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
