import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import httpx2
import pytest
from chassis.auth import tokens as auth
from chassis.auth.tokens import TokenVerifier
from chassis.errors import Unauthorized, Unavailable
from chassis.settings import AuthSettings
from pydantic import SecretStr, ValidationError

from tests.support.auth.tokens import (
    AUDIENCE,
    ISSUER,
    SHARED_SECRET,
    FakeIssuer,
    shared_secret_token,
    unsigned_token,
)

USER = uuid4()


class FakeJwksEndpoint:
    """The issuer's JWKS endpoint, which counts requests and can be slow or broken."""

    def __init__(self, issuer: FakeIssuer) -> None:
        self.issuer = issuer
        self.is_broken = False
        self.seconds = 0.0
        self.asked = 0

    async def get(self, _client: httpx2.AsyncClient, url: str) -> httpx2.Response:
        self.asked += 1
        keys, status = self.issuer.jwks(), 500 if self.is_broken else 200
        await asyncio.sleep(self.seconds)
        return httpx2.Response(status, json=keys, request=httpx2.Request("GET", url))


@pytest.fixture(scope="module")
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture
def published(issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch) -> FakeJwksEndpoint:
    fake = FakeJwksEndpoint(issuer)
    monkeypatch.setattr(httpx2.AsyncClient, "get", lambda client, url: fake.get(client, url))  # noqa: PLW0108 - binds `self`
    return fake


def verifier(*, jwks: bool = True, secret: bool = False) -> TokenVerifier:
    return TokenVerifier(
        AuthSettings(
            auth_jwks_url="http://127.0.0.1:1/jwks.json" if jwks else None,
            auth_issuer=ISSUER if jwks else None,
            auth_audience=AUDIENCE if jwks else None,
            auth_shared_secret=SecretStr(SHARED_SECRET) if secret else None,
        )
    )


async def test_token_of_the_issuer_is_accepted(issuer: FakeIssuer, published: FakeJwksEndpoint) -> None:
    token = issuer.token(USER, role="admin")
    caller = await verifier().verify(token)
    assert (caller.user_id, caller.role, caller.token) == (USER, "admin", token)
    assert published.asked == 1


async def test_keys_are_fetched_once_for_many_tokens(issuer: FakeIssuer, published: FakeJwksEndpoint) -> None:
    checks = verifier()
    for _ in range(3):
        await checks.verify(issuer.token(USER))
    assert published.asked == 1


async def test_token_of_the_shared_secret_is_accepted_without_role() -> None:
    caller = await verifier(jwks=False, secret=True).verify(shared_secret_token(USER))
    assert (caller.user_id, caller.role) == (USER, None)


BAD_TOKENS: dict[str, Callable[[FakeIssuer], str | None]] = {
    "none at all": lambda _: None,
    "empty": lambda _: "",
    "no token": lambda _: "not.a.token",
    "too long": lambda _: "x" * 9000,
    "expired": lambda issuer: issuer.token(USER, expires_in=-60),
    "wrong issuer": lambda issuer: issuer.token(USER, iss="https://evil.test"),
    "wrong audience": lambda issuer: issuer.token(USER, aud="another"),
    "no user": lambda issuer: issuer.token(USER, sub=None),
    "user that is no id": lambda issuer: issuer.token(USER, sub="me"),
    "no algorithm": lambda _: unsigned_token(USER),
    "another issuer's key": lambda _: FakeIssuer().token(USER),
    "public key as a secret": lambda issuer: issuer.forged_with_public_key(USER),
    "another secret": lambda _: shared_secret_token(USER, secret="another-secret-of-good-length-000"),
    "expired, shared secret": lambda _: shared_secret_token(USER, expires_in=-60),
}


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_bad_token_is_refused(name: str, issuer: FakeIssuer) -> None:
    with pytest.raises(Unauthorized):
        await verifier(secret=True).verify(BAD_TOKENS[name](issuer))


@pytest.mark.usefixtures("published")
async def test_token_of_a_kind_that_is_not_configured_is_refused(issuer: FakeIssuer) -> None:
    with pytest.raises(Unauthorized):
        await verifier().verify(shared_secret_token(USER))
    with pytest.raises(Unauthorized):
        await verifier(jwks=False, secret=True).verify(issuer.token(USER))


async def test_token_is_answered_503_and_not_401_while_there_are_no_keys(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = verifier()
    published.is_broken = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            await checks.verify(issuer.token(USER))
    assert published.asked == 1  # one request for all callers
    published.is_broken = False
    monkeypatch.setattr(auth, "JWKS_RETRY_SECONDS", -1)
    assert (await checks.verify(issuer.token(USER))).user_id == USER


async def test_service_is_ready_once_it_has_keys_and_stays_so(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = verifier()
    published.is_broken = True
    assert await checked.check() == "the issuer's keys could not be fetched"
    assert await verifier(secret=True).check() is None
    assert await verifier(jwks=False, secret=True).check() is None
    published.is_broken = False
    monkeypatch.setattr(auth, "JWKS_RETRY_SECONDS", -1)
    assert await checked.check() is None
    published.is_broken = True
    assert await checked.check() is None
    assert (await checked.verify(issuer.token(USER))).user_id == USER


async def test_probe_that_gives_up_does_not_end_the_request_of_a_slow_issuer(
    published: FakeJwksEndpoint,
) -> None:
    checked = verifier()
    published.seconds = 0.3
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await checked.check()
    await asyncio.sleep(0.3)
    assert await checked.check() is None
    assert published.asked == 1


async def test_callers_wait_for_keys_that_are_being_fetched(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = verifier()
    published.seconds = 0.05

    async def many(token: str) -> None:
        callers = []
        for _ in range(5):
            callers.append(asyncio.create_task(checks.verify(token)))
            await asyncio.sleep(0.005)
        assert {caller.user_id for caller in await asyncio.gather(*callers)} == {USER}

    await many(issuer.token(USER))
    assert published.asked == 1
    monkeypatch.setattr(auth, "JWKS_MIN_INTERVAL_SECONDS", -1)
    published.issuer = FakeIssuer(key_id="key-2")
    await many(published.issuer.token(USER))
    assert published.asked == 2


async def test_unknown_key_ids_cause_one_request_for_all_waiting_callers(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "JWKS_MIN_INTERVAL_SECONDS", 0.1)
    checks = verifier()
    await checks.verify(issuer.token(USER))
    tokens = [FakeIssuer(key_id=f"made-up-{number}").token(USER) for number in range(3)]
    outcomes = await asyncio.gather(*map(checks.verify, tokens), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unauthorized] * 3
    assert published.asked == 2


async def test_key_rotated_right_after_a_fetch_is_found(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "JWKS_MIN_INTERVAL_SECONDS", 0.1)
    checks = verifier()
    await checks.verify(issuer.token(USER))
    published.issuer = FakeIssuer(key_id="key-2")
    assert (await checks.verify(published.issuer.token(USER))).user_id == USER


async def test_old_keys_stay_valid_and_new_ones_get_503_while_the_issuer_is_unavailable(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = verifier()
    await checks.verify(issuer.token(USER))
    published.is_broken = True
    monkeypatch.setattr(auth, "JWKS_MAX_AGE_SECONDS", -1)
    monkeypatch.setattr(auth, "JWKS_MIN_INTERVAL_SECONDS", -1)
    assert (await checks.verify(issuer.token(USER))).user_id == USER
    rotated = published.issuer = FakeIssuer(key_id="key-2")
    with pytest.raises(Unavailable):  # its validity is unknown now
        await checks.verify(rotated.token(USER))
    published.is_broken = False
    monkeypatch.setattr(auth, "JWKS_RETRY_SECONDS", -1)
    assert (await checks.verify(rotated.token(USER))).user_id == USER


async def test_verified_token_is_refused_once_it_has_expired(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks, token = verifier(), issuer.token(USER)
    await checks.verify(token)
    later = time.time() + 700
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Unauthorized):
        await checks.verify(token)


async def test_verified_token_is_refused_once_its_key_is_withdrawn(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "JWKS_MIN_INTERVAL_SECONDS", -1)
    checks, token = verifier(), issuer.token(USER)
    await checks.verify(token)
    published.issuer = FakeIssuer(key_id="key-2")
    await checks.verify(published.issuer.token(USER))
    with pytest.raises(Unauthorized):
        await checks.verify(token)


async def test_token_with_the_signature_of_another_is_refused(
    issuer: FakeIssuer, published: FakeJwksEndpoint
) -> None:
    checks = verifier()
    good, other = issuer.token(USER), issuer.token(uuid4(), role="admin")
    await checks.verify(good)
    with pytest.raises(Unauthorized):
        await checks.verify(f"{other.rpartition('.')[0]}.{good.rpartition('.')[2]}")


async def test_number_of_cached_tokens_is_bounded(
    issuer: FakeIssuer, published: FakeJwksEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "MAX_KEPT_TOKENS", 2)
    checks = verifier()
    people = [uuid4() for _ in range(4)]
    for person in (*people, *people):
        assert (await checks.verify(issuer.token(person))).user_id == person
    assert len(checks._kept) == 2


@pytest.mark.parametrize(
    "settings",
    [{}, {"auth_jwks_url": "http://127.0.0.1/"}, {"auth_shared_secret": "short"}],
    ids=["no key", "no issuer", "short secret"],
)
def test_settings_without_verification_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        AuthSettings(**settings)  # type: ignore[arg-type]
