"""Verify bearer tokens: RS256 and ES256 of an issuer that publishes JWKS, HS256 with a shared secret.

The kind of key decides which algorithm it may be used with, never the token's header.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jws import extract_compact

from chassis.errors import Unauthorized, Unavailable
from chassis.http_client import bounded_client
from chassis.settings import AuthSettings
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

ASYMMETRIC = ("RS256", "ES256")
CLOCK_LEEWAY_SECONDS = 30
# Proxies cap headers near 8 kB, so a longer token cannot be valid.
MAX_TOKEN_CHARACTERS = 8_000
# Keys are refreshed at this age. A rotated key is found sooner, by its unknown id.
JWKS_MAX_AGE_SECONDS = 300
# Anybody can invent key ids, so unknown ids cause a request to an issuer that answers at most this often.
# An earlier caller waits, because its key may have been published since the last request.
JWKS_MIN_INTERVAL_SECONDS = 2
# The same for an issuer that does not answer.
JWKS_RETRY_SECONDS = 1
JWKS_TIMEOUT_SECONDS = 3
# A key has some 500 bytes, with a chain of certificates some kB; issuers publish a handful.
JWKS_MAX_BYTES = 256 * 1024

# Verified tokens, whose signature is not checked again while the keys stay the same: one per active user. The
# oldest are dropped first. With tokens of maximum length they take 8 MB.
MAX_KEPT_TOKENS = 1_000

# The same for all reasons, so that it does not help to guess tokens.
REFUSED = "The bearer token is missing, expired or not valid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Sender of a request, with the token for calls to other services on the sender's behalf."""

    user_id: UUID
    role: str | None
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _VerifiedToken:
    """A verified token, which stays valid with the same keys except for its times."""

    keys: KeySet | OctKey
    header: Mapping[str, Any]
    times: dict[str, Any]
    caller: Caller


class Jwks:
    """Public keys of the issuer, fetched when needed and kept while the issuer is unavailable."""

    def __init__(self, *, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._answered = False
        self._fetched_at: float | None = None
        self.failures = 0
        """Failed attempts to fetch the keys since the process started."""
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None
        self._first: asyncio.Task[None] | None = None

    async def keys_for(self, key_id: str | None) -> KeySet:
        """Return the keys, including `key_id` if the issuer has it.

        Raises:
            Unavailable: the issuer does not answer, and the key is not known.
        """
        if not self._holds(key_id):
            requested_at = time.monotonic()
            async with self._lock:  # one request at a time; waiting callers find its result
                if not self._holds(key_id):
                    await self._fetch_again(requested_at)
        elif self._age() > JWKS_MAX_AGE_SECONDS and not self._lock.locked():
            # In the background, because the old keys stay valid until the new ones arrive.
            self._refreshing = asyncio.create_task(self._refresh())
        if self._keys is None or not (self._answered or self._holds(key_id)):
            raise Unavailable("Tokens cannot be checked at the moment; try again.", retry_after=2)
        return self._keys

    async def check(self) -> str | None:
        """Return None once there are keys, however old; fetch them if there are none."""
        if self._first is None or (self._first.done() and self._keys is None):
            self._first = asyncio.create_task(self._fetch_first())
        # A probe that gives up must not end the request of a slow issuer.
        await asyncio.shield(self._first)
        return None if self._keys else "the issuer's keys could not be fetched"

    async def _fetch_first(self) -> None:
        with contextlib.suppress(Unavailable):
            await self.keys_for(None)

    @property
    def age_seconds(self) -> float | None:
        """Return the age of the keys in seconds, or None before they were needed."""
        return None if self._fetched_at is None else time.monotonic() - self._fetched_at

    def _holds(self, key_id: str | None) -> bool:
        """Return True if the key is known. A token that names no key may be signed with any key."""
        return self._keys is not None and (
            key_id is None or any(key.kid == key_id for key in self._keys.keys)
        )

    def _age(self) -> float:
        return time.monotonic() - self._asked_at

    async def _refresh(self) -> None:
        async with self._lock:
            if self._age() > JWKS_MAX_AGE_SECONDS:
                await self._fetch()

    async def _fetch_again(self, requested_at: float) -> None:
        """Fetch the keys unless that was done since `requested_at`, or failed just now."""
        if not self._answered:
            if self._age() > JWKS_RETRY_SECONDS:
                await self._fetch()
        elif self._asked_at < requested_at:
            await asyncio.sleep(JWKS_MIN_INTERVAL_SECONDS - self._age())
            await self._fetch()

    async def _fetch(self) -> None:
        self._answered = False
        asked_at = time.monotonic()
        try:
            # A time limit for the whole answer, because a slow server must not hold up every caller.
            async with (
                asyncio.timeout(JWKS_TIMEOUT_SECONDS),
                bounded_client(max_answer_bytes=JWKS_MAX_BYTES, timeout=JWKS_TIMEOUT_SECONDS) as client,
            ):
                answer = await client.get(self._url)
            answer.raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
            self._fetched_at = time.monotonic()
            self._answered = True
        except (
            httpx2.HTTPError,
            TimeoutError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            JoseError,
        ) as error:
            self.failures += 1
            log.warning("JWKS could not be fetched, keeping the old keys", error=type(error).__name__)
        finally:
            self._asked_at = asked_at


class TokenVerifier:
    """Verifies bearer tokens and returns their callers."""

    def __init__(self, settings: AuthSettings) -> None:
        self.jwks = Jwks(url=str(settings.auth_jwks_url)) if settings.auth_jwks_url else None
        secret = settings.auth_shared_secret
        self._secret = OctKey.import_key(secret.get_secret_value()) if secret else None
        self._issued = jwt.JWTClaimsRegistry(
            leeway=CLOCK_LEEWAY_SECONDS,
            sub={"essential": True},
            exp={"essential": True},
            iss={"essential": True, "value": settings.auth_issuer or ""},
            aud={"essential": True, "value": settings.auth_audience or ""},
        )
        self._times = jwt.JWTClaimsRegistry(leeway=CLOCK_LEEWAY_SECONDS)
        self._kept: dict[str, _VerifiedToken] = {}
        # Tokens of the legacy backend have neither issuer nor audience.
        self._shared = jwt.JWTClaimsRegistry(
            leeway=CLOCK_LEEWAY_SECONDS, sub={"essential": True}, exp={"essential": True}
        )

    async def check(self) -> str | None:
        """Return None once the tokens of callers can be checked, else a sentence.

        With a shared secret, the keys of the issuer are fetched too, but the service is ready without them:
        tokens of the legacy backend do not need them.
        """
        missing = await self.jwks.check() if self.jwks else None
        return None if self._secret else missing

    async def verify(self, token: str | None) -> Caller:
        """Check signature, times, issuer and audience.

        Raises:
            Unauthorized: the token is missing or invalid.
            Unavailable: the issuer's keys are not available.
        """
        if not token or len(token) > MAX_TOKEN_CHARACTERS:
            raise Unauthorized(REFUSED)
        kept = self._kept.get(token)
        try:
            if kept is not None and kept.keys is await self._keys_for(kept.header):
                self._times.validate(kept.times)
                return kept.caller
            header = extract_compact(token.encode()).headers()
            checked = self._check(token, header, await self._keys_for(header))
        except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise Unauthorized(REFUSED) from error
        self._kept.pop(token, None)
        if len(self._kept) >= MAX_KEPT_TOKENS:
            del self._kept[next(iter(self._kept))]
        self._kept[token] = checked
        return checked.caller

    async def _keys_for(self, header: Mapping[str, Any]) -> KeySet | OctKey:
        """Return the keys that may have signed a token with this header."""
        if header.get("alg") in ASYMMETRIC and self.jwks is not None:
            return await self.jwks.keys_for(header.get("kid"))
        if header.get("alg") == "HS256" and self._secret is not None:
            return self._secret
        raise Unauthorized(REFUSED)

    def _check(self, token: str, header: Mapping[str, Any], keys: KeySet | OctKey) -> "_VerifiedToken":
        is_shared = isinstance(keys, OctKey)
        claims = jwt.decode(token, keys, algorithms=["HS256"] if is_shared else list(ASYMMETRIC)).claims
        (self._shared if is_shared else self._issued).validate(claims)
        role = claims.get("role")
        return _VerifiedToken(
            keys=keys,
            header=header,
            times={name: claims[name] for name in ("exp", "nbf", "iat") if name in claims},
            caller=Caller(
                user_id=UUID(claims["sub"]), role=role if isinstance(role, str) else None, token=token
            ),
        )
