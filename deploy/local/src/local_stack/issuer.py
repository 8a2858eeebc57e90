"""The token issuer of the local stack: signs tokens and serves its public keys (JWKS).

`python -m local_stack.issuer` is the issuer of docker compose.
"""

import asyncio
import json
import sys
import time
import uuid
from pathlib import Path
from typing import Self

from joserfc import jwt
from joserfc.jwk import RSAKey

from local_stack.paths import UP
from local_stack.ports import LOOPBACK, Ports
from local_stack.processes.run import run
from local_stack.sign_in import PATH as SIGN_IN_PATH
from local_stack.sign_in import Answer, SignIn, parse_headers

NAME = "resume-review-local"
AUDIENCE = "resume-review"
ROLES = ("junior_recruiter", "senior_recruiter", "admin")
# The default user. It never changes, so that a user finds earlier resumes again.
DEFAULT_USER = uuid.UUID("00000000-0000-4000-8000-000000000001")
# More than a working day: tokens are used by a person at a terminal.
LIFETIME_SECONDS = 12 * 3600

JWKS_PATH = "/.well-known/jwks.json"
_KEY_FILE = "key.json"
_READ_SECONDS = 5


class UnknownRole(ValueError):
    """The services do not know this role."""


def has_key(data_dir: Path) -> bool:
    """Return True if an issuer has run with this folder before."""
    return (data_dir / _KEY_FILE).exists()


class Issuer:
    """Signs RS256 tokens with the key in `data_dir`, created on first use, and serves the public key.

    `token` needs no running server and works from another process. With `signs_in_at`, the port of the
    gateway, it also signs in the console on this machine.
    """

    def __init__(
        self, *, data_dir: Path, port: int, host: str = LOOPBACK, signs_in_at: int | None = None
    ) -> None:
        self.name = "issuer"
        self.port = port
        self._host = host
        self._key = _load_or_create(data_dir)
        self._published = [self._key]
        self._server: asyncio.Server | None = None
        self._sign_in: SignIn | None = None
        if signs_in_at is not None:
            self._sign_in = SignIn(
                gateway_port=signs_in_at, roles=ROLES, token=lambda role: self.token(role=role)
            )

    @property
    def jwks_url(self) -> str:
        """URL of the public keys."""
        return f"http://{LOOPBACK}:{self.port}{JWKS_PATH}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start to serve the public keys."""
        if self._server is None:
            self._server = await asyncio.start_server(self._answer, self._host, self.port, reuse_address=True)

    async def stop(self) -> None:
        """Stop the server."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def kill(self) -> None:
        """Stop the server; it has no process of its own to kill."""
        await self.stop()

    def rotate(self) -> None:
        """Sign with a new key from now on. The previous key stays published until this process ends."""
        self._key = RSAKey.generate_key(2048, auto_kid=True)
        self._published.append(self._key)

    def token(
        self,
        *,
        role: str = ROLES[0],
        user_id: uuid.UUID = DEFAULT_USER,
        lifetime_seconds: int = LIFETIME_SECONDS,
        audience: str = AUDIENCE,
    ) -> str:
        """Return a bearer token.

        Raises:
            UnknownRole: `role` is not in `ROLES`.
        """
        if role not in ROLES:
            raise UnknownRole(f"the role {role!r} is none of {', '.join(ROLES)}")
        now = int(time.time())
        claims = {
            "sub": str(user_id),
            "email": f"{role}@example.com",
            "role": role,
            "iss": NAME,
            "aud": audience,
            "iat": now,
            "exp": now + lifetime_seconds,
        }
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, self._key)

    def key_set(self) -> dict[str, object]:
        """Return the public keys as a JWKS."""
        return {"keys": [key.as_dict(private=False, use="sig", alg="RS256") for key in self._published]}

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request per connection, which is enough HTTP to fetch a document."""
        try:
            async with asyncio.timeout(_READ_SECONDS):
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status, content = self._respond(request)
            body = json.dumps(content).encode()
            head = (
                f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the client has gone, or does not speak HTTP
        finally:
            writer.close()

    def _respond(self, request: str) -> Answer:
        method, target = [*request.split(maxsplit=2), "", ""][:2]
        path, _, query = target.partition("?")
        if path == SIGN_IN_PATH and self._sign_in is not None:
            return self._sign_in.answer(method, query, parse_headers(request))
        if (method, path) == ("GET", JWKS_PATH):
            return "200 OK", self.key_set()
        return "404 Not Found", {}


def _load_or_create(data_dir: Path) -> RSAKey:
    path = data_dir / _KEY_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = RSAKey.generate_key(2048, auto_kid=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(key.as_dict(private=True)))
        unfinished.rename(path)
    return RSAKey.import_key(json.loads(path.read_text()))


async def _serve() -> int:
    # All interfaces: the other containers connect, and compose does not publish the port.
    async with Issuer(data_dir=UP / "issuer", port=Ports().issuer, host="0.0.0.0"):  # noqa: S104
        await asyncio.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(run(_serve()))
