"""Bearer tokens: RS256 and ES256 of an issuer that publishes JWKS, HS256 with a shared secret.

Which algorithm a key may be used with is fixed here by the kind of key, never by the token's header.
"""

import asyncio
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
# A header of more than this is no token of ours (and proxies cap headers near 8 kB).
MAX_TOKEN_CHARACTERS = 8_000
# How old keys may get before they are asked for again; a rotated key is found by its unknown id sooner.
JWKS_MAX_AGE_SECONDS = 300
# At most so often is an issuer that answers asked because of an unknown key id: anybody can make one up.
# Whoever comes sooner waits: the key may be so new that it was not published the last time.
JWKS_MIN_INTERVAL_SECONDS = 2
# And so often one that does not.
JWKS_RETRY_SECONDS = 1
JWKS_TIMEOUT_SECONDS = 3
# A key is some 500 bytes, with a chain of certificates some kB; issuers publish a handful.
JWKS_MAX_BYTES = 256 * 1024

# Tokens that were good, of which only the times are checked again until the keys are fetched anew: the people
# at work at a time. The oldest go first; at the most characters of a token this is 8 MB.
MAX_KEPT_TOKENS = 1_000

# Why is not said.
REFUSED = "The bearer token is missing, expired or not valid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request, and the token, to ask other services on the caller's behalf."""

    user_id: UUID
    role: str | None
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A token that was good. It is as long as the same keys hold, but for its times."""

    keys: KeySet | OctKey
    header: Mapping[str, Any]
    times: dict[str, Any]
    caller: Caller


class Jwks:
    """The issuer's public keys, fetched when needed, kept while the issuer is away."""

    def __init__(self, *, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._answered = False
        self._fetched_at: float | None = None
        self.failures = 0
        """Attempts to fetch them that failed, since the process began."""
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def keys_for(self, key_id: str | None) -> KeySet:
        """The keys, with `key_id` among them if the issuer has it.

        Raises:
            Unavailable: whether the issuer has it cannot be said now.
        """
        if not self._holds(key_id):
            came_at = time.monotonic()
            async with self._lock:  # single flight: whoever waited finds the answer
                if not self._holds(key_id):
                    await self._look_again(came_at)
        elif self._age() > JWKS_MAX_AGE_SECONDS and not self._lock.locked():
            # Nobody waits for this: the old keys are good until the new ones are there.
            self._refreshing = asyncio.create_task(self._refresh())
        if self._keys is None or not (self._answered or self._holds(key_id)):
            raise Unavailable("Tokens cannot be checked at the moment; try again.", retry_after=2)
        return self._keys

    @property
    def age_seconds(self) -> float | None:
        """Since the keys were fetched; None without keys. They are fetched when they are needed."""
        return None if self._fetched_at is None else time.monotonic() - self._fetched_at

    def _holds(self, key_id: str | None) -> bool:
        """A token that names no key may be any key's."""
        return self._keys is not None and (
            key_id is None or any(key.kid == key_id for key in self._keys.keys)
        )

    def _age(self) -> float:
        return time.monotonic() - self._asked_at

    async def _refresh(self) -> None:
        async with self._lock:
            if self._age() > JWKS_MAX_AGE_SECONDS:
                await self._fetch()

    async def _look_again(self, came_at: float) -> None:
        """Ask for the keys, unless that was done since or, in vain, just now."""
        if not self._answered:
            if self._age() > JWKS_RETRY_SECONDS:
                await self._fetch()
        elif self._asked_at < came_at:
            await asyncio.sleep(JWKS_MIN_INTERVAL_SECONDS - self._age())
            await self._fetch()

    async def _fetch(self) -> None:
        self._answered = False
        asked_at = time.monotonic()
        try:
            # The deadline is for the whole answer: a server that drips must not hold up every caller.
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
    """Turns a bearer token into its caller."""

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
        self._kept: dict[str, _Kept] = {}
        # The existing backend puts neither issuer nor audience into its tokens.
        self._shared = jwt.JWTClaimsRegistry(
            leeway=CLOCK_LEEWAY_SECONDS, sub={"essential": True}, exp={"essential": True}
        )

    async def verify(self, token: str | None) -> Caller:
        """Check signature, times, issuer and audience.

        Raises:
            Unauthorized: the token is missing or not good; why is not said.
            Unavailable: the issuer's keys cannot be had.
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
        """Those that may have signed a token with such a header."""
        if header.get("alg") in ASYMMETRIC and self.jwks is not None:
            return await self.jwks.keys_for(header.get("kid"))
        if header.get("alg") == "HS256" and self._secret is not None:
            return self._secret
        raise Unauthorized(REFUSED)

    def _check(self, token: str, header: Mapping[str, Any], keys: KeySet | OctKey) -> "_Kept":
        is_shared = isinstance(keys, OctKey)
        claims = jwt.decode(token, keys, algorithms=["HS256"] if is_shared else list(ASYMMETRIC)).claims
        (self._shared if is_shared else self._issued).validate(claims)
        role = claims.get("role")
        return _Kept(
            keys=keys,
            header=header,
            times={name: claims[name] for name in ("exp", "nbf", "iat") if name in claims},
            caller=Caller(
                user_id=UUID(claims["sub"]), role=role if isinstance(role, str) else None, token=token
            ),
        )
