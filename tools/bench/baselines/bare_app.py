"""A bare application as the upper limit: FastAPI and asyncpg with the same inserts and the same select.

It has no tokens, permissions, limits or logs, and never sends its outbox. The bench starts it as
`python -m tools.bench.baselines.bare_app`.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from contracts.vocabulary import Depth, KnownIndustry, ReviewType
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel


class Body(BaseModel):
    """The request body of request-api."""

    industry: KnownIndustry
    analysis_depth: Depth = Depth.STANDARD
    review_type: ReviewType = ReviewType.COMPREHENSIVE
    compare_to_market: bool = False
    focus_areas: list[str] = []


class Accepted(BaseModel):
    analysis_id: UUID
    status: str
    message: str


class Status(BaseModel):
    analysis_id: UUID
    status: str
    requested_at: datetime
    completed_at: datetime | None
    result: None
    failure: None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # The same pool size as in the services.
    async with (
        asyncpg.create_pool(os.environ["BARE_REQUESTS_DSN"], min_size=10, max_size=10) as requests,
        asyncpg.create_pool(os.environ["BARE_RESULTS_DSN"], min_size=10, max_size=10) as results,
    ):
        app.state.requests, app.state.results = requests, results
        app.state.text = await requests.fetchval("SELECT extracted_text FROM resumes LIMIT 1")
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/analyze/{resume_id}", status_code=202)
async def analyze(
    resume_id: UUID, body: Body, request: Request, idempotency_key: Annotated[str, Header()]
) -> Accepted:
    """Run the four inserts, with the text of the resume in the event."""
    analysis_id, user_id, now = uuid4(), uuid4(), datetime.now(UTC)
    event = {"analysis_id": str(analysis_id), "text": request.app.state.text, "focus_areas": body.focus_areas}
    async with request.app.state.requests.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO idempotency_keys (user_id, key, fingerprint, answer) VALUES ($1, $2, $3, $4)",
            user_id,
            idempotency_key,
            "0" * 64,
            json.dumps({"analysis_id": str(analysis_id)}),
        )
        await connection.execute(
            "INSERT INTO review_requests (id, resume_id, requested_by_user_id, target_industry, review_type, "
            "status, requested_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6)",
            analysis_id,
            resume_id,
            user_id,
            body.industry,
            body.review_type,
            now,
        )
        await connection.execute(
            "INSERT INTO analysis_details (review_request_id, analysis_depth, compare_to_market, "
            "focus_areas) VALUES ($1, $2, $3, $4)",
            analysis_id,
            body.analysis_depth,
            body.compare_to_market,
            json.dumps(body.focus_areas),
        )
        await connection.execute(
            "INSERT INTO request_outbox (id, aggregatetype, aggregateid, type, payload, headers) "
            "VALUES ($1, 'requests', $2, 'requested', $3, '{}')",
            uuid4(),
            str(analysis_id),
            json.dumps(event),
        )
    return Accepted(
        analysis_id=analysis_id, status="pending", message="Analysis request created successfully"
    )


@app.get("/status/{analysis_id}", response_model=None)
async def status(analysis_id: UUID, request: Request) -> Status | JSONResponse:
    """Select one row of the read model."""
    row = await request.app.state.results.fetchrow(
        "SELECT analysis_id, status, requested_at, ended_at AS completed_at FROM analysis_views "
        "WHERE analysis_id = $1",
        analysis_id,
    )
    if row is None:
        return JSONResponse({"detail": "not found"}, status_code=404)
    return Status(**row, result=None, failure=None)


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    return {"status": "ready"}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["BARE_PORT"]),
        log_level="warning",
        access_log=False,
        # The same event loop, parser and keep-alive as in the services.
        loop="uvloop",
        http="httptools",
        timeout_keep_alive=75,
    )
