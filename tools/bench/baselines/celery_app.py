"""The usual alternative as a baseline: FastAPI, a Celery task on Redis, and PostgreSQL.

A request is stored and queued; a worker scores it with the same rules and stores report and feedback items.
With Celery's defaults, a killed worker loses its task, and a committed request may never be queued.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from celery import Celery
from fastapi import FastAPI, Request

from tools.bench.baselines.bare_app import Accepted, Body

queue = Celery("bench", broker=os.environ.get("CELERY_REDIS"), backend=os.environ.get("CELERY_REDIS"))
# Celery's documentation recommends this for long tasks.
queue.conf.worker_prefetch_multiplier = 1


@cache
def _connection() -> Any:
    import psycopg  # noqa: PLC0415 - only the worker uses it, one connection per process

    return psycopg.connect(os.environ["CELERY_DSN"])


@cache
def _rubric() -> Any:
    from scoring.rubric import load_rubric  # noqa: PLC0415 - not in the web process

    return load_rubric()


# An explicit name, because this file is a program for the web process and a module for the worker.
@queue.task(name="analyze")  # type: ignore[untyped-decorator]
def analyze(requested: str) -> int:
    """Score a request, store the report and complete the request."""
    from contracts.events import AnalysisRequested  # noqa: PLC0415 - not in the web process
    from results_api.storage.feedback_items import feedback_items  # noqa: PLC0415 - not in the web process
    from scoring.report.builder import score  # noqa: PLC0415 - not in the web process

    event = AnalysisRequested.model_validate_json(requested)
    now = datetime.now(UTC)
    report = score(event, rubric=_rubric(), now=now)
    result_id, connection = uuid4(), _connection()
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO review_results (id, review_request_id, overall_score, ats_score, content_score, "
            "formatting_score, executive_summary, detailed_scores, ai_model_used, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                result_id,
                event.analysis.analysis_id,
                report.overall_score,
                report.ats_score,
                report.content_score,
                report.formatting_score,
                report.executive_summary,
                report.detailed_scores.model_dump_json(),
                report.ai_model_used,
                now,
            ),
        )
        cursor.executemany(
            "INSERT INTO review_feedback_items (review_result_id, feedback_type, category, feedback_text, "
            "severity_level, original_text, suggested_text) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    result_id,
                    item.feedback_type,
                    item.category,
                    item.feedback_text,
                    item.severity_level,
                    item.original_text,
                    item.suggested_text,
                )
                for item in feedback_items(report)
            ],
        )
        cursor.execute(
            "UPDATE review_requests SET status = 'completed', completed_at = %s WHERE id = %s",
            (now, event.analysis.analysis_id),
        )
    connection.commit()
    return report.overall_score


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.event = json.loads(os.environ["CELERY_EVENT"])
    async with asyncpg.create_pool(os.environ["CELERY_DSN"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


@app.post("/analyze/{resume_id}", status_code=202)
async def submit(resume_id: UUID, body: Body, request: Request) -> Accepted:
    """Store a request, then queue it."""
    analysis_id, now = uuid4(), datetime.now(UTC)
    async with request.app.state.pool.acquire() as connection:
        await connection.execute(
            "INSERT INTO review_requests (id, resume_id, target_industry, status, requested_at) "
            "VALUES ($1, $2, $3, 'pending', $4)",
            analysis_id,
            resume_id,
            body.industry,
            now,
        )
    event = request.app.state.event
    event["analysis"] |= {"analysis_id": str(analysis_id), "industry": body.industry}
    analyze.delay(json.dumps(event))
    return Accepted(
        analysis_id=analysis_id, status="pending", message="Analysis request created successfully"
    )


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    """Report readiness."""
    return {"status": "ready"}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["CELERY_PORT"]),
        log_level="warning",
        access_log=False,
        # The same event loop, parser and keep-alive as in the services.
        loop="uvloop",
        http="httptools",
        timeout_keep_alive=75,
    )
