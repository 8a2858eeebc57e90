"""Bearer tokens for tests: signed by an issuer with JWKS, or with the legacy backend's shared secret."""

import base64
import hmac
import json
import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

ISSUER = "https://issuer.test"
AUDIENCE = "resume-review"
SHARED_SECRET = "a-shared-secret-that-is-long-enough-for-hs256"


class FakeIssuer:
    """An issuer of tokens with one RSA key."""

    def __init__(self, *, key_id: str = "key-1") -> None:
        self._key = RSAKey.generate_key(2048, {"kid": key_id, "alg": "RS256", "use": "sig"})

    def jwks(self) -> dict[str, Any]:
        """Return the public key as the issuer publishes it."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(
        self, user_id: UUID, *, role: str | None = "junior_recruiter", expires_in: int = 600, **claims: Any
    ) -> str:
        """Return a valid token. `claims` add to or override the usual ones; None leaves a claim out."""
        now = int(time.time())
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "iat": now,
            "exp": now + expires_in,
            **({"role": role} if role else {}),
            **claims,
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, payload, self._key, algorithms=["RS256"])

    def forged_with_public_key(self, user_id: UUID) -> str:
        """Return an HS256 token whose secret is the public key (algorithm confusion).

        It is assembled by hand because joserfc refuses to make one.
        """
        header = {"alg": "HS256", "typ": "JWT", "kid": self._key.kid}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "exp": int(time.time()) + 600}
        signed = f"{_part(header)}.{_part(claims)}"
        mac = hmac.digest(self._key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_base64(mac)}"


def bearer(token: str) -> dict[str, str]:
    """Return the `Authorization` header for a token."""
    return {"Authorization": f"Bearer {token}"}


def unsigned_token(user_id: UUID) -> str:
    """Return a token with `alg: none`."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "exp": int(time.time()) + 600}
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def shared_secret_token(user_id: UUID, *, secret: str = SHARED_SECRET, expires_in: int = 600) -> str:
    """Return a token as the legacy backend makes it: without issuer, audience and role."""
    now = int(time.time())
    payload = {"sub": str(user_id), "email": "x@example.com", "iat": now, "exp": now + expires_in}
    return jwt.encode({"alg": "HS256"}, payload, OctKey.import_key(secret), algorithms=["HS256"])
