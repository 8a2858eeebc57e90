"""The values of the gateway's template, deploy/envoy/envoy.yaml, for whoever runs an Envoy with it."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from urllib.parse import urlsplit

from local_stack.ports import LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The values of the template."""

    port: int
    admin_port: int
    request_api_port: int
    results_api_port: int
    # Where the public keys of the tokens' issuer are, and what its tokens say of issuer and audience.
    jwks_url: str
    jwt_issuer: str
    jwt_audience: str
    # Where it listens, and where the services do; the administration is for its own machine alone.
    host: str = LOOPBACK
    request_api_host: str = LOOPBACK
    results_api_host: str = LOOPBACK
    # The existing backend's secret, where its HS256 tokens are to be taken too.
    shared_secret: str | None = None
    # host:port of the existing backend, which has login, administration and profiles.
    legacy: str | None = None
    # A regular expression over whole origins; by default a frontend on this machine, on any port.
    cors_origins: str = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?"
    rate_per_second: int = 60
    rate_burst: int = 300
    # Requests of one source that need no token, and its logins; uploads of one user. The template says why.
    open_per_second: int = 100
    open_burst: int = 1000
    login_per_second: int = 30
    login_burst: int = 400
    upload_burst: int = 60
    # All of them together. Half of the files that a process may open on many a machine.
    max_connections: int = 10_000
    max_heap_bytes: int = 512 * 1024 * 1024

    def variables(self) -> dict[str, str]:
        """By the names that the template has."""
        jwks = urlsplit(self.jwks_url)
        # Nobody listens on port 9 of loopback: without an existing backend its paths answer 503.
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
    """The secret as a key set; without a secret, a key that nobody knows, so that no such token passes."""
    key = secret.encode() if secret is not None else secrets.token_bytes(64)
    octets = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    return json.dumps({"keys": [{"kty": "oct", "alg": "HS256", "k": octets}]})


def render(template: str, variables: Mapping[str, str]) -> str:
    """The configuration with its values; raises KeyError for a variable without one."""
    return Template(template).substitute(variables)
