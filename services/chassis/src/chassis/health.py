"""Liveness asks nothing of anybody; readiness asks everything that work needs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

# Returns None when all is well, else one short sentence for on-call.
Check = Callable[[], Awaitable[str | None]]

# Probes of Kubernetes give up after a second or a few; an answer that comes later is none.
CHECK_TIMEOUT_SECONDS = 2


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """`/health/live` and `/health/ready`, the latter with what each check said."""
    router = APIRouter(prefix="/health", include_in_schema=False)

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        answers = dict(zip(checks, await asyncio.gather(*map(_ask, checks.values())), strict=True))
        failing = {name: answer for name, answer in answers.items() if answer is not None}
        return JSONResponse(
            {"status": "not ready" if failing else "ready", "checks": answers},
            status_code=503 if failing else 200,
        )

    return router


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever a check raises is its answer
        return type(error).__name__
