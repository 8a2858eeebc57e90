"""The values of the gateway's template, deploy/envoy/envoy.yaml."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from urllib.parse import urlsplit

from local_stack.ports import LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayConfig:
    """The values of the template, with defaults for one machine."""

    port: int
    admin_port: int
    request_api_port: int
    results_api_port: int
    # URL of the token issuer's public keys, and the issuer and audience that its tokens carry.
    jwks_url: str
    jwt_issuer: str
    jwt_audience: str
    # Addresses of the gateway and of the services. Envoy's administration always listens on loopback.
    host: str = LOOPBACK
    request_api_host: str = LOOPBACK
    results_api_host: str = LOOPBACK
    # Secret of the legacy backend, if its HS256 tokens are accepted too.
    shared_secret: str | None = None
    # host:port of the legacy backend, which serves login, administration and profiles.
    legacy: str | None = None
    # True to serve tokens to the console on this machine: for `make up` alone.
    has_sign_in: bool = False
    # A regular expression that must match the whole origin; by default any port on this machine.
    cors_origins: str = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?"
    rate_per_second: int = 60
    rate_burst: int = 300
    # Requests without a token and logins, per source; uploads, per user. The template explains the values.
    open_per_second: int = 100
    open_burst: int = 1000
    login_per_second: int = 30
    login_burst: int = 400
    upload_burst: int = 60
    # In total. Half of a common limit of open files per process.
    max_connections: int = 10_000
    max_heap_bytes: int = 512 * 1024 * 1024

    def variables(self) -> dict[str, str]:
        """Return the values by their names in the template."""
        jwks = urlsplit(self.jwks_url)
        # Nothing listens on port 9 of loopback, so without a legacy backend its paths answer 503.
        legacy_host, _, legacy_port = (self.legacy or f"{LOOPBACK}:9").rpartition(":")
        return {
            "GATEWAY_HOST": self.host,
            "GATEWAY_PORT": str(self.port),
            "ADMIN_HOST": LOOPBACK,
            "ADMIN_PORT": str(self.admin_port),
            "REQUEST_API_HOST": self.request_api_host,
            "REQUEST_API_PORT": str(self.request_api_port),
            "RESULTS_API_HOST": self.results_api_host,
            "RESULTS_API_PORT": str(self.results_api_port),
            "ISSUER_HOST": jwks.hostname or "",
            "ISSUER_PORT": str(jwks.port or 80),
            "JWKS_URL": self.jwks_url,
            "JWT_ISSUER": self.jwt_issuer,
            "JWT_AUDIENCE": self.jwt_audience,
            "SHARED_SECRET_JWKS": shared_secret_jwks(self.shared_secret),
            "LEGACY_HOST": legacy_host,
            "LEGACY_PORT": legacy_port,
            "CORS_ORIGINS": self.cors_origins,
            "RATE_PER_SECOND": str(self.rate_per_second),
            "RATE_BURST": str(self.rate_burst),
            "OPEN_PER_SECOND": str(self.open_per_second),
            "OPEN_BURST": str(self.open_burst),
            "LOGIN_PER_SECOND": str(self.login_per_second),
            "LOGIN_BURST": str(self.login_burst),
            "UPLOAD_BURST": str(self.upload_burst),
            "MAX_CONNECTIONS": str(self.max_connections),
            "MAX_HEAP_BYTES": str(self.max_heap_bytes),
        }


def shared_secret_jwks(secret: str | None) -> str:
    """Return the secret as a key set. Without a secret the key is random, so that no HS256 token is valid."""
    key = secret.encode() if secret is not None else secrets.token_bytes(64)
    octets = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    return json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "k": octets}]})


def render(template: str, variables: Mapping[str, str]) -> str:
    """Fill in the template. Raises KeyError for a variable without a value."""
    return Template(template).substitute(variables)
