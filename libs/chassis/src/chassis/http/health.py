"""Health routes: `/health/live` runs no check, `/health/ready` all, `/health/serving` those of the process.

Removing a pod from the service because a shared dependency is unavailable helps no caller: the other pods are
no better off, and without any pod callers get an error of the gateway instead of the service's. So checks of
shared dependencies count for `/health/ready`, which people and tests read, but not for `/health/serving`,
which Kubernetes probes.
"""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from chassis.components import Check
from chassis.http.shutdown import Shutdown

# Kubernetes probes give up after a few seconds.
CHECK_TIMEOUT_SECONDS = 2


def health_router(checks: Mapping[str, Check], shared: Mapping[str, Check], shutdown: Shutdown) -> APIRouter:
    """Build the routes, whose answers contain the result of each check.

    `checks` are of the process itself, `shared` of dependencies that all replicas share. A process serves
    once all checks have passed at the same time, so a new one that cannot reach its database never replaces
    an old one, and until its shutdown begins.
    """
    router = APIRouter(prefix="/health", include_in_schema=False)
    was_ready = False

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        nonlocal was_ready
        if shutdown.has_begun:
            return _answer("ready", {"shutdown": "the process is stopping"})
        answers = await _ask_all({**checks, **shared})
        was_ready = was_ready or not any(answers.values())
        return _answer("ready", answers)

    @router.get("/serving")
    async def serving() -> JSONResponse:
        if shutdown.has_begun or not was_ready:
            return await ready()
        return _answer("serving", await _ask_all(checks))

    return router


def _answer(state: str, answers: Mapping[str, str | None]) -> JSONResponse:
    is_well = not any(answers.values())
    return JSONResponse(
        {"status": state if is_well else f"not {state}", "checks": answers},
        status_code=200 if is_well else 503,
    )


async def _ask_all(checks: Mapping[str, Check]) -> Mapping[str, str | None]:
    return dict(zip(checks, await asyncio.gather(*map(_ask, checks.values())), strict=True))


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT_SECONDS} s"
    except Exception as error:  # noqa: BLE001 - an error of a check is its result
        return type(error).__name__
