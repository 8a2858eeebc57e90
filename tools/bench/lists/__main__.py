"""Measures lists of 200,000 analyses in both layouts, through HTTP: `make bench-lists` (about 10 minutes).

Each layout gets a database on a PostgreSQL of its own: one without the legacy backend, and an adopted one.
With `--before COMMIT`, that version migrates and serves the database first, then this one. It prints medians
and 99th percentiles in milliseconds, and the size and time of the migration.
"""

import argparse
import asyncio
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx2
from local_stack.gateway.envoy import OK, http_status
from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, free_ports
from local_stack.postgres import Postgres, owner_of
from local_stack.processes.lock import exclusive
from local_stack.processes.process import Process, run_to_end
from local_stack.processes.run import run
from local_stack.service import without_proxy

from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer, bearer
from tests.support.fakes.http_server import fake_http_server
from tests.support.stacks.adopted import LEGACY, SERVICES, load_schema_v1_1
from tools.bench.lists.filling import CANDIDATE, USER, fill
from tools.bench.lists.queries import QUERIES, Query
from tools.bench.statistics import percentile

DATA: Final = ROOT / ".local" / "lists"
_SOURCES: Final = (
    "contracts/src",
    "libs/chassis/src",
    "services/request-api/src",
    "services/results-api/src",
)
_ADDRESS: Final = "/api/v1/analysis/"
_ROLES: Final = ("senior_recruiter", "junior_recruiter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout of the tables, and the packages that migrate its database."""

    name: str
    database: str
    owner: str
    packages: Sequence[str]

    @property
    def is_adopted(self) -> bool:
        return self.database == LEGACY


FRESH: Final = Layout(
    name="own", database="results_api", owner=owner_of("results_api"), packages=("results_api",)
)
ADOPTED: Final = Layout(name="adopted", database=LEGACY, owner=LEGACY, packages=SERVICES)

# Milliseconds by role and name of the query.
Seen = dict[tuple[str, str], list[float]]


class Bench:
    """Measures the service in one layout after the other."""

    def __init__(self, postgres: Postgres, issuer: FakeIssuer, arguments: argparse.Namespace) -> None:
        self._postgres = postgres
        self._rounds: int = arguments.rounds
        self._analyses: int = arguments.analyses
        self._headers = {role: bearer(issuer.token(USER, role=role, expires_in=36_000)) for role in _ROLES}
        self._environment = {
            **without_proxy(os.environ),
            "RESULTS_API_KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:1",
            "RESULTS_API_REQUEST_API_URL": f"http://{LOOPBACK}:1",
            "RESULTS_API_AUTH_ISSUER": ISSUER,
            "RESULTS_API_AUTH_AUDIENCE": AUDIENCE,
            "RESULTS_API_LOG_LEVEL": "ERROR",
        }

    async def measure(self, layout: Layout, jwks: str, before: Path | None) -> list[str]:
        """Measure a layout; return the lines of a Markdown table and of notes."""
        self._environment["RESULTS_API_AUTH_JWKS_URL"] = f"{jwks}/jwks.json"
        if layout.is_adopted:
            await load_schema_v1_1(self._postgres)
        for package in layout.packages:
            await self._postgres.create_database(layout.database, owner=layout.owner, login=package)
        await self._migrate(layout, before)
        await self._fill(layout)
        old = await self._serve(layout, before) if before else {}
        size, started = await self._size(layout), time.monotonic()
        await self._migrate(layout, None)
        seconds, grown = time.monotonic() - started, await self._size(layout) - size
        await self._maintain(layout)
        new = await self._serve(layout, None)
        lines = _table(layout, old, new)
        if before:
            lines += ["", f"The migration took {seconds:.0f} s and {grown / 2**20:.0f} MB in this layout."]
        return [*lines, ""]

    async def _migrate(self, layout: Layout, source: Path | None) -> None:
        for package in layout.packages:
            settings = {
                f"{package.upper()}_DATABASE_URL": self._postgres.url(layout.database, role=layout.owner),
                f"{package.upper()}_DATABASE_ROLE": package,
            }
            environment = _with_source({**self._environment, **settings}, source)
            command = [sys.executable, "-m", f"{package}.migrate"]
            await run_to_end(Process(name="migrate", command=command, env=environment), seconds=600)

    async def _fill(self, layout: Layout) -> None:
        _say(f"{layout.name}: filling with {self._analyses:,} analyses")
        connection = await self._postgres.connect(layout.database)
        try:
            await fill(connection, analyses=self._analyses, is_adopted=layout.is_adopted)
        finally:
            await connection.close()

    async def _maintain(self, layout: Layout) -> None:
        """Collect statistics, as autovacuum does some minutes later."""
        connection = await self._postgres.connect(layout.database)
        try:
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()

    async def _size(self, layout: Layout) -> int:
        connection = await self._postgres.connect()
        try:
            return int(await connection.fetchval("SELECT pg_database_size($1)", layout.database))
        finally:
            await connection.close()

    async def _serve(self, layout: Layout, source: Path | None) -> Seen:
        (port,) = free_ports(1)
        url = self._postgres.url(layout.database, role="results_api")
        settings = {"RESULTS_API_DATABASE_URL": url, "RESULTS_API_PORT": str(port)}
        environment = _with_source({**self._environment, **settings}, source)
        async with _service(port, environment):
            queries = [each for each in QUERIES if not (source and each.is_new)]
            _say(f"{layout.name}: measuring {'the version before' if source else 'this version'}")
            return await self._ask(port, queries)

    async def _ask(self, port: int, queries: Sequence[Query]) -> Seen:
        seen: Seen = {}
        base = f"http://{LOOPBACK}:{port}{_ADDRESS}"
        async with httpx2.AsyncClient(timeout=30, trust_env=False) as http:
            for role in _ROLES:
                urls = {query.name: await _url(http, base, query, self._headers[role]) for query in queries}
                # PostgreSQL plans a prepared statement anew five times before it may settle on a plan.
                for round_ in range(-6, self._rounds):
                    for name, url in urls.items():
                        started = time.perf_counter()
                        is_answered = await _is_answered(http, url, self._headers[role])
                        if round_ >= 0:
                            spent = (time.perf_counter() - started) * 1000 if is_answered else math.inf
                            seen.setdefault((role, name), []).append(spent)
        return seen


async def _is_answered(http: httpx2.AsyncClient, url: str, headers: Mapping[str, str]) -> bool:
    """Return False if the service gave up, which it does when PostgreSQL takes more than 5 s."""
    answer = await http.get(url, headers=headers)
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    answer.raise_for_status()
    return True


async def _url(http: httpx2.AsyncClient, base: str, query: Query, headers: Mapping[str, str]) -> str:
    url = f"{base}?{query.query.format(candidate=CANDIDATE)}"
    if not query.is_second_page:
        return url
    for _ in range(5):
        if await _is_answered(http, url, headers):
            break
    answer = await http.get(url, headers=headers)
    return f"{url}&cursor={answer.raise_for_status().json()['next_cursor']}"


@asynccontextmanager
async def _service(port: int, environment: Mapping[str, str]) -> AsyncIterator[None]:
    process = Process(
        name="results-api", command=[sys.executable, "-m", "results_api"], env=environment, cwd=ROOT
    )
    await process.start()
    try:
        # It is never ready, because there is no Kafka.
        async def is_live() -> bool:
            return await http_status(port, "/health/live") == OK

        await process.wait_until(is_live, seconds=60)
        yield
    finally:
        await process.stop()


def _with_source(environment: Mapping[str, str], source: Path | None) -> dict[str, str]:
    """Return the environment in which Python imports the project from another folder."""
    if source is None:
        return dict(environment)
    return {**environment, "PYTHONPATH": os.pathsep.join(str(source / each) for each in _SOURCES)}


@contextmanager
def _checked_out(commit: str | None) -> Iterator[Path | None]:
    """Extract the services of a commit for the length of the block."""
    if commit is None:
        yield None
        return
    folder = DATA / "before"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        archive = subprocess.run(
            ["git", "archive", commit, "--", *_SOURCES], cwd=ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _table(layout: Layout, old: Seen, new: Seen) -> list[str]:
    lines = [
        f"| {layout.name} tables | senior: before | senior | junior: before | junior |",
        "|---|---|---|---|---|",
    ]
    for query in QUERIES:
        cells = [_cell(seen.get((role, query.name))) for role in _ROLES for seen in (old, new)]
        lines.append(f"| {query.name} | {' | '.join(cells)} |")
    return lines


def _cell(milliseconds: Sequence[float] | None) -> str:
    if not milliseconds:
        return ""
    return " / ".join(
        "503" if math.isinf(value) else f"{value:.0f}"
        for value in (percentile(milliseconds, 50), percentile(milliseconds, 99))
    )


async def bench(arguments: argparse.Namespace) -> int:
    """Measure the layouts one after the other, and print a table for each."""
    issuer = FakeIssuer()
    layouts = [each for each in (FRESH, ADOPTED) if arguments.layout in (None, each.name)]
    print("Median / 99th percentile in milliseconds; 503 if PostgreSQL took more than 5 s.\n")
    (port,) = free_ports(1)
    with (
        exclusive(DATA),
        _checked_out(arguments.before) as before,
        fake_http_server(lambda _path, _headers: (200, issuer.jwks())) as jwks,
    ):
        shutil.rmtree(DATA / "postgres", ignore_errors=True)
        try:
            async with Postgres(data_dir=DATA / "postgres", port=port, durable=False) as postgres:
                for layout in layouts:
                    lines = await Bench(postgres, issuer, arguments).measure(layout, jwks, before)
                    print("\n".join(lines), flush=True)
        finally:
            # It has several gigabytes.
            await asyncio.to_thread(shutil.rmtree, DATA / "postgres", ignore_errors=True)
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="make bench-lists", description=__doc__)
    parser.add_argument("--before", metavar="COMMIT", help="also measure an earlier version, and the upgrade")
    parser.add_argument("--analyses", type=int, default=200_000, help="number of analyses (default 200,000)")
    parser.add_argument("--rounds", type=int, default=20, help="times that each list is read (default 20)")
    parser.add_argument("--layout", choices=["own", "adopted"], help="only this layout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run(bench(parse())))
