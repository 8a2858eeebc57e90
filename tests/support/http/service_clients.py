"""Runs each HTTP client of the services once against a given address.

As a program (`python -m tests.support.http.service_clients CLIENT URL`) it prints the outcome and the peak
growth of its memory in bytes.
"""

import asyncio
import resource
import sys
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import uuid4

from chassis.auth.tokens import Caller, TokenVerifier
from chassis.errors import Unavailable
from chassis.settings import AuthSettings
from results_api.domain.errors import RequestApiUnavailable
from results_api.request_api_client import RequestApiClient
from scoring.messages import load_catalogue

from tests.support.analyses import analyses
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer

_REASON: Final = "notice.model_failed."


async def ask_model(url: str) -> str:
    """Analyze a resume and return the reason that the report gives for doing without the model."""
    async with analyses(f"{url}/v1", model_request_seconds=2) as analyze:
        notices = (await analyze()).detailed_scores.notices
    (reason,) = [
        name.removeprefix(_REASON)
        for name, sentence in load_catalogue("en", resume_language="en").items()
        if name.startswith(_REASON) and sentence in notices
    ]
    return reason


async def ask_issuer(url: str) -> str:
    """Verify a token, which fetches the issuer's keys."""
    settings = AuthSettings(auth_jwks_url=f"{url}/jwks.json", auth_issuer=ISSUER, auth_audience=AUDIENCE)
    verifier = TokenVerifier(settings)
    try:
        await verifier.verify(FakeIssuer().token(uuid4()))
    except Unavailable:
        assert verifier.jwks
        assert verifier.jwks.failures == 1
        return "unavailable"
    return "answered"


async def ask_request_api(url: str) -> str:
    """Have results-api look up an analysis at request-api."""
    client = RequestApiClient(base_url=url)
    try:
        await client.get(Caller(user_id=uuid4(), role=None, token="a-canary-token"), uuid4())
    except RequestApiUnavailable:
        return "unavailable"
    finally:
        await client.close()
    return "answered"


CLIENTS: Final[dict[str, Callable[[str], Awaitable[str]]]] = {
    "model": ask_model,
    "issuer": ask_issuer,
    "request-api": ask_request_api,
}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def _main(client: str, url: str) -> None:
    # The first request imports modules, which must not count as growth.
    await CLIENTS[client]("http://127.0.0.1:1")
    before = _peak()
    print(await CLIENTS[client](url), _peak() - before)  # noqa: T201 - for the test that started it


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
