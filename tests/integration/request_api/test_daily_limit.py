"""How many analyses one person may ask for."""

import httpx2
from pydantic import SecretStr
from request_api.main import create_app
from request_api.settings import Settings

from tests.integration.conftest import User
from tests.integration.request_api.test_requests import analyze, new_resume
from tests.support.databases import Database
from tests.support.http import running
from tests.support.tokens import AUDIENCE, ISSUER


async def test_more_than_the_limit_is_refused_and_a_repeat_is_not(
    request_database: Database, kafka_bootstrap: str, jwks_url: str, user: User, other: User
) -> None:
    settings = Settings(
        database_url=SecretStr(request_database.url),
        kafka_bootstrap_servers=kafka_bootstrap,
        auth_jwks_url=jwks_url,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        drain_seconds=5,
        max_analyses_per_day=2,
    )
    async with running(create_app(settings)) as api:
        resume_id = await new_resume(api, user)
        first = await analyze(api, user, resume_id, key="one")
        await analyze(api, user, resume_id)
        refused = await analyze(api, user, resume_id)
        assert refused.status_code == httpx2.codes.TOO_MANY_REQUESTS
        assert refused.headers["retry-after"]
        assert refused.json()["code"] == "daily_limit_reached"
        again = await analyze(api, user, resume_id, key="one")
        assert again.json()["analysis_id"] == first.json()["analysis_id"]
        assert (await analyze(api, other, await new_resume(api, other))).status_code == httpx2.codes.ACCEPTED
        await request_database.fetch(
            "UPDATE review_requests SET requested_at = requested_at - interval '1 day'"
            " WHERE requested_by_user_id = $1",
            user.id,
        )
        assert (await analyze(api, user, resume_id)).status_code == httpx2.codes.ACCEPTED
