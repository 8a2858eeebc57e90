"""Settings of authentication."""

from typing import Annotated, Self

from pydantic import Field, HttpUrl, SecretStr, model_validator

from chassis.settings.base import SettingsWithoutInput


class AuthSettings(SettingsWithoutInput):
    """Accepted bearer tokens: those of a JWKS issuer, those signed with a shared secret, or both."""

    auth_jwks_url: HttpUrl | None = None
    auth_issuer: str | None = None
    auth_audience: str | None = None
    # The legacy backend's secret. HS256 requires a key at least as long as its hash.
    auth_shared_secret: Annotated[SecretStr, Field(min_length=32)] | None = None

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if self.auth_jwks_url is None and self.auth_shared_secret is None:
            raise ValueError("set auth_jwks_url or auth_shared_secret (or both)")
        if self.auth_jwks_url is not None and not (self.auth_issuer and self.auth_audience):
            raise ValueError("auth_jwks_url needs auth_issuer and auth_audience")
        return self
