"""Everything that can be wrong with who says they call: each is a 401, at the gateway and at each service."""

import time
from uuid import uuid4

from tests.support.auth.tokens import TestIssuer, shared_secret_token, unsigned_token
from tests.support.http.in_process import bearer


def bad_tokens(issuer: TestIssuer) -> dict[str, dict[str, str]]:
    """Headers by what is wrong with them; `issuer` is the one that is believed."""
    user = uuid4()
    good = issuer.token(user, role="admin")
    header, claims, signature = good.split(".")
    an_hour_ago = -3600
    return {
        "no token": {},
        "an empty token": {"Authorization": "Bearer"},
        "another scheme": {"Authorization": "Basic YWRtaW46YWRtaW4="},
        "malformed": bearer("not.a.token"),
        "not even in parts": bearer("x" * 40),
        "cut off": bearer(f"{header}.{claims}"),
        "another signature": bearer(f"{header}.{claims}.{signature[:-6]}AAAAAA"),
        "longer than any token": bearer(f"{header}.{claims}.{'A' * 9_000}"),
        "expired": bearer(issuer.token(user, role="admin", expires_in=an_hour_ago)),
        "not valid yet": bearer(issuer.token(user, role="admin", nbf=int(time.time()) + 3600)),
        "never expires": bearer(issuer.token(user, role="admin", exp=None)),
        "for another audience": bearer(issuer.token(user, role="admin", aud="somebody-else")),
        "of another issuer": bearer(issuer.token(user, role="admin", iss="https://elsewhere.test")),
        "of nobody": bearer(issuer.token(user, role="admin", sub=None)),
        "of what is no user": bearer(issuer.token(user, role="admin", sub="root")),
        "the public key as a secret": bearer(issuer.forged_with_public_key(user)),
        "alg none": bearer(unsigned_token(user)),
        "an unknown key": bearer(TestIssuer(key_id="key-unknown").token(user, role="admin")),
        "another key under a known id": bearer(TestIssuer().token(user, role="admin")),
        "a secret that nobody shares": bearer(shared_secret_token(user)),
    }
