"""Bearer tokens for tests: of an issuer with JWKS, and of the existing backend's shared secret."""

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


class TestIssuer:
    """An issuer with one RSA key; `jwks()` is what it would publish."""

    __test__ = False

    def __init__(self, *, key_id: str = "key-1") -> None:
        self._key = RSAKey.generate_key(2048, {"kid": key_id, "alg": "RS256", "use": "sig"})

    def jwks(self) -> dict[str, Any]:
        """The public half."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(
        self, user_id: UUID, *, role: str | None = "junior_recruiter", expires_in: int = 600, **claims: Any
    ) -> str:
        """A token that is good unless `claims` say otherwise; one that is None is left out."""
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
        """HS256, keyed with the public key's PEM: the classic confusion of algorithms.

        By hand, since joserfc refuses to make one.
        """
        header = {"alg": "HS256", "typ": "JWT", "kid": self._key.kid}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "exp": int(time.time()) + 600}
        signed = f"{_part(header)}.{_part(claims)}"
        mac = hmac.digest(self._key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_base64(mac)}"


def unsigned_token(user_id: UUID) -> str:
    """With `alg: none`."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "exp": int(time.time()) + 600}
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def shared_secret_token(user_id: UUID, *, secret: str = SHARED_SECRET, expires_in: int = 600) -> str:
    """As the existing backend makes them: no issuer, no audience, no role."""
    now = int(time.time())
    payload = {"sub": str(user_id), "email": "x@example.com", "iat": now, "exp": now + expires_in}
    return jwt.encode({"alg": "HS256"}, payload, OctKey.import_key(secret), algorithms=["HS256"])
