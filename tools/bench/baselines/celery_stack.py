"""Installs and starts the Celery baseline: Redis, a worker and the web application."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, free_ports
from local_stack.processes.process import Process, run_to_end
from local_stack.service import migrate, without_proxy

from tests.support import events
from tests.support.polling import eventually
from tools.bench.testbed import DATA, Testbed, server

_PACKAGES: Final = DATA / "celery"
_REQUIREMENTS: Final = Path(__file__).with_name("celery-requirements.txt")
DATABASE: Final = "celery_site"
# One worker process per core.
PROCESSES: Final = os.cpu_count() or 1

# In addition to results-api's tables: the requests, and a notification for each completed one.
_TABLES: Final = """
    CREATE TABLE review_requests (
        id uuid PRIMARY KEY, resume_id uuid NOT NULL, target_industry varchar(100),
        status varchar(20) NOT NULL, requested_at timestamptz NOT NULL, completed_at timestamptz
    );
    CREATE FUNCTION bench_ended() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('bench_ended', NEW.id::text || ' ' || NEW.status); RETURN NULL; END $$;
    CREATE TRIGGER bench_ended AFTER UPDATE ON review_requests
    FOR EACH ROW WHEN (NEW.completed_at IS NOT NULL) EXECUTE FUNCTION bench_ended();
"""


def find_redis() -> str | None:
    """Return the path of redis-server, or None if it is not installed."""
    return shutil.which("redis-server")


async def install_celery() -> None:
    """Install Celery into a separate folder, which only the baseline uses."""
    mark = _PACKAGES / ".installed"
    wanted = _REQUIREMENTS.read_text()
    if mark.exists() and mark.read_text() == wanted:
        return
    shutil.rmtree(_PACKAGES, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    command = [
        *(str(uv), "pip", "install", "--quiet", "--python", sys.executable),
        *("--target", str(_PACKAGES), "-r", str(_REQUIREMENTS)),
    ]
    await run_to_end(Process(name="uv", command=command), seconds=120)
    mark.write_text(wanted)


@asynccontextmanager
async def run_celery(testbed: Testbed) -> AsyncIterator[int]:
    """Start the baseline with its own database on the same PostgreSQL; yield its port."""
    await install_celery()
    redis_port, port = free_ports(2)
    postgres = testbed.stack.postgres
    await postgres.create_database(DATABASE, owner=DATABASE)
    address = {"RESULTS_API_DATABASE_URL": postgres.url(DATABASE)}
    await migrate(package="results_api", environment={**without_proxy(os.environ), **address})
    connection = await postgres.connect(DATABASE)
    await connection.execute(f"SET ROLE {DATABASE}")
    await connection.execute(_TABLES)
    await connection.close()
    text = await testbed.text()
    url = f"redis://{LOOPBACK}:{redis_port}/0"
    environment = {
        **without_proxy(os.environ),
        "PYTHONPATH": os.pathsep.join([str(_PACKAGES), str(ROOT)]),
        "CELERY_PORT": str(port),
        "CELERY_REDIS": url,
        "CELERY_DSN": postgres.url(DATABASE, scheme="postgresql"),
        "CELERY_EVENT": events.requested(text=text).model_dump_json(),
    }
    redis_folder = DATA / "redis"
    redis_folder.mkdir(parents=True, exist_ok=True)
    queue = Process(
        name="redis",
        command=[
            *(find_redis() or "redis-server", "--port", str(redis_port), "--bind", LOOPBACK),
            *("--dir", str(redis_folder)),
        ],
        cwd=redis_folder,
    )
    worker = Process(
        name="celery",
        command=[
            *(sys.executable, "-m", "celery", "-A", "tools.bench.baselines.celery_app:queue", "worker"),
            *(
                "--concurrency",
                str(PROCESSES),
                "--loglevel",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
            ),
        ],
        env=environment,
        cwd=ROOT,
    )
    await queue.start()
    try:
        await eventually(lambda: _accepts_connections(redis_port))
        await worker.start()
        async with server(
            [sys.executable, "-m", "tools.bench.baselines.celery_app"], port=port, environment=environment
        ):
            yield port
    finally:
        await worker.stop()
        await queue.stop()


async def _accepts_connections(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True
