"""Credentials that the gateway and every service must answer with 401."""

import time
from uuid import uuid4

from tests.support.auth.tokens import FakeIssuer, bearer, shared_secret_token, unsigned_token


def bad_tokens(issuer: FakeIssuer) -> dict[str, dict[str, str]]:
    """Return request headers by the name of their fault; `issuer` is the trusted issuer."""
    user = uuid4()
    good = issuer.token(user, role="admin")
    header, claims, signature = good.split(".")
    an_hour_ago = -3600
    return {
        "no token": {},
        "an empty token": {"Authorization": "Bearer"},
        "another scheme": {"Authorization": "Basic YWRtaW46YWRtaW4="},
        "malformed": bearer("not.a.token"),
        "not in three parts": bearer("x" * 40),
        "cut off": bearer(f"{header}.{claims}"),
        "another signature": bearer(f"{header}.{claims}.{signature[:-6]}AAAAAA"),
        "longer than any token": bearer(f"{header}.{claims}.{'A' * 9_000}"),
        "expired": bearer(issuer.token(user, role="admin", expires_in=an_hour_ago)),
        "not valid yet": bearer(issuer.token(user, role="admin", nbf=int(time.time()) + 3600)),
        "never expires": bearer(issuer.token(user, role="admin", exp=None)),
        "for another audience": bearer(issuer.token(user, role="admin", aud="somebody-else")),
        "from another issuer": bearer(issuer.token(user, role="admin", iss="https://elsewhere.test")),
        "without a subject": bearer(issuer.token(user, role="admin", sub=None)),
        "subject is not a user id": bearer(issuer.token(user, role="admin", sub="root")),
        "the public key as a secret": bearer(issuer.forged_with_public_key(user)),
        "alg none": bearer(unsigned_token(user)),
        "an unknown key": bearer(FakeIssuer(key_id="key-unknown").token(user, role="admin")),
        "another key under a known id": bearer(FakeIssuer().token(user, role="admin")),
        "an unknown shared secret": bearer(shared_secret_token(user)),
    }
