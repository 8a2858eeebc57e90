"""Measures matches of one request beside the matcher alone, and an analysis that is requested behind them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice, product
from statistics import median
from typing import Final
from uuid import uuid4

from httpx2 import AsyncClient
from matching.evidence.reading import read_resume
from matching.extraction import extract_requirements
from matching.matcher import match

from tools.bench.bars import Bar
from tools.bench.measurements.completions import Completions, listen_for_completions
from tools.bench.measurements.http_requests import BODY
from tools.bench.measurements.meter import Cost, Meter
from tools.bench.statistics import Spread, ratios
from tools.bench.testbed import Testbed
from tools.evaluation import resumes
from tools.evaluation.resumes import Resume
from tools.evaluation.templates import txt

_IDLE_ANALYSES: Final = 20
# A title and a text with 15 requirements, for some of the generated people and for others.
JOBS: Final = (
    (
        "Software Engineer",
        """What you will do
- Reduce the response times of our public services
- Guide junior engineers in design reviews

Requirements
- At least 5 years of experience as a software engineer
- Bachelor's degree in computer science
- Python
- PostgreSQL
- Kubernetes
- Automated testing
- Fluent English

Nice to have
- Terraform
- Kafka
- Machine learning
- React
- CKA certification
- Project management
""",
    ),
    (
        "Finance Manager",
        """What you will do
- Explain variances of the budget to the heads of departments
- Support the external auditors

Requirements
- At least 5 years of experience as a finance manager
- Bachelor's degree in accounting
- IFRS
- Month-end closing
- Financial modelling
- Internal controls
- Fluent English

Nice to have
- SAP
- Due diligence
- Tax returns
- Power BI
- CPA
- Negotiation
""",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A generated resume, and the id under which it is stored."""

    resume_id: str
    resume: Resume
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Matches from one request."""

    answered_ms: float
    rate: float
    cost: Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone:
    """The same matches by the matcher alone. `reading` is the share of time that reading resumes takes."""

    rate: float
    reading: float


@dataclass(slots=True, kw_only=True)
class _Job:
    """A job of request-api."""

    http: AsyncClient
    path: str
    title: str
    text: str
    version: int

    @classmethod
    async def create(cls, http: AsyncClient, title: str, text: str) -> "_Job":
        answer = await http.post("/api/v1/jobs", json={"title": title, "text": text})
        job = answer.raise_for_status().json()
        return cls(
            http=http, path=f"/api/v1/jobs/{job['id']}", title=title, text=text, version=job["version"]
        )

    async def renew(self) -> None:
        """Create a new version, because each version matches a resume once."""
        body = {"title": f"{self.title} {self.version}", "text": self.text, "version": self.version}
        self.version = (await self.http.put(self.path, json=body)).raise_for_status().json()["version"]

    async def match(self, people: Sequence[Person]) -> list[str]:
        """Request matches and return their ids."""
        body = {"resume_ids": [each.resume_id for each in people]}
        answer = await self.http.post(f"{self.path}/matches", json=body, timeout=60)
        requested = answer.raise_for_status().json()
        if requested["accepted"] != len(people):
            raise RuntimeError(f"{requested['accepted']} of {len(people)} matches were accepted")
        return [each["match_id"] for each in requested["matches"]]


async def match_bars(testbed: Testbed, *, count: int, rounds: int) -> tuple[list[Bar], list[str]]:
    """Measure two jobs and the matcher alone in turns, then analyses; return bars and a Markdown table."""
    people = list(islice(generate_people(), count))
    await _store(testbed, people)
    runs: tuple[list[_Run], list[_Run]] = ([], [])
    alone: list[_Alone] = []
    behind: list[float] = []
    async with (
        listen_for_completions(await testbed.database("results_api")) as completions,
        testbed.client(testbed.requests_port) as http,
    ):
        jobs = [await _Job.create(http, title, text) for title, text in JOBS]
        # Kafka is slow until it has compiled its code.
        await _run(testbed, jobs[0], people, completions)
        for _ in range(rounds):
            for job, found in zip(jobs, runs, strict=True):
                found.append(await _run(testbed, job, people, completions))
            alone.append(_match_here(people))
        idle = [await _analyze(http, testbed, completions) for _ in range(_IDLE_ANALYSES)]
        for _ in range(rounds):
            await jobs[0].renew()
            match_ids = await jobs[0].match(people)
            behind.append(await _analyze(http, testbed, completions))
            await completions.wait_for(match_ids, seconds=120)
            await testbed.settle()
    cost = Cost.mean([run.cost for run in runs[0]])
    bars = [
        *_rate_bars(count, *runs, alone),
        Bar(
            what="CPU for one match, all parts",
            measured=sum(cost.cpu_ms.values()),
            direction="at most",
            limit=27,
            unit=" ms",
            seen=f"analyzer {cost.cpu_ms['analyzer']:.1f} ms",
        ),
        Bar(
            what=f"analysis behind {count} matches: accepted to completed, median",
            measured=median(behind),
            direction="at most",
            limit=5_000,
            unit=" ms",
            seen=f"{Spread.of(behind)} ms; idle {Spread.of(idle)} ms",
        ),
    ]
    return bars, cost.lines(f"One match of {count} with 15 requirements:")


def _rate_bars(
    count: int, first: Sequence[_Run], second: Sequence[_Run], alone: Sequence[_Alone]
) -> list[Bar]:
    answered = Spread.of([run.answered_ms for run in first])
    rates, again = [run.rate for run in first], [run.rate for run in second]
    of_alone = ratios(rates, [each.rate for each in alone])
    analyzer = [Cost.mean([run.cost for run in found]).cpu_ms["analyzer"] for found in (first, second)]
    return [
        Bar(
            what=f"{count} matches in one POST: answered, median",
            measured=answered.median,
            direction="at most",
            limit=2_000,
            unit=" ms",
            seen=f"{answered} ms",
        ),
        Bar(
            what=f"{count} matches: rate",
            measured=Spread.of(rates).median,
            direction="at least",
            limit=100,
            unit="/s",
            seen=f"{Spread.of(rates)}/s",
        ),
        Bar(
            what=f"{count} matches: rate, of the matcher alone in one process",
            measured=of_alone.median,
            direction="at least",
            limit=0.5,
            seen=f"{Spread.of([each.rate for each in alone])}/s alone, where reading takes "
            f"{median(each.reading for each in alone):.0%} of the time; ratio {of_alone}",
        ),
        Bar(
            what=f"{count} matches of the same resumes with another job: rate, of the first",
            measured=ratios(again, rates).median,
            direction="at least",
            limit=0.9,
            seen=f"{Spread.of(again)}/s; analyzer {analyzer[0]:.1f} to {analyzer[1]:.1f} ms CPU each",
        ),
    ]


def generate_people() -> Iterator[Person]:
    """Yield 576 English resumes of one page: those of 24 people, each with the earlier job of each."""
    english = [each.levels["strong"] for each in resumes.people() if each.language == "en"]
    for one, other in product(english, english):
        resume = replace(one, positions=(one.positions[0], other.positions[1]))
        yield Person(resume_id=str(uuid4()), resume=resume, text=txt(resume).decode())


async def _store(testbed: Testbed, people: Sequence[Person]) -> None:
    """Store each resume with a candidate of its own. Uploads would take minutes."""
    user = uuid4()
    connection = await testbed.database("request_api")
    try:
        for each in people:
            candidate = await connection.fetchval(
                "INSERT INTO candidates (first_name, last_name, created_by_user_id) "
                "VALUES ($1, $2, $3) RETURNING id",
                *each.resume.name.split(maxsplit=1),
                user,
            )
            await connection.execute(
                "INSERT INTO resumes (id, candidate_id, uploaded_by_user_id, original_filename, "
                "stored_filename, file_hash, file_size, mime_type, status, extracted_text, word_count, "
                "processed_at) VALUES ($1::uuid, $2, $3, 'cv.txt', 'cv.txt', $1::text, $4, 'text/plain', "
                "'completed', $5, $6, now())",
                each.resume_id,
                candidate,
                user,
                len(each.text),
                each.text,
                len(each.text.split()),
            )
    finally:
        await connection.close()


async def _run(testbed: Testbed, job: _Job, people: Sequence[Person], completions: Completions) -> _Run:
    """Match resumes with a new version of a job, until the last match is stored."""
    await job.renew()
    meter = await Meter.start(testbed)
    before, began = completions.completed, time.monotonic()
    match_ids = await job.match(people)
    answered = time.monotonic()
    ended = max(await completions.wait_for(match_ids, seconds=120))
    cost = await meter.read(len(people))
    if completions.completed - before != len(people):
        raise RuntimeError("not all matches completed")
    return _Run(answered_ms=(answered - began) * 1000, rate=len(people) / (ended - began), cost=cost)


def _match_here(people: Sequence[Person]) -> _Alone:
    """Match the resumes with the first job in this process."""
    job, today = extract_requirements(*JOBS[0]), datetime.now(UTC).date()
    began, reading_seconds = time.monotonic(), 0.0
    for each in people:
        read_from = time.monotonic()
        reading = read_resume(each.text, names=(each.resume.name,), today=today)
        reading_seconds += time.monotonic() - read_from
        match(job, reading, today)
    seconds = time.monotonic() - began
    return _Alone(rate=len(people) / seconds, reading=reading_seconds / seconds)


async def _analyze(http: AsyncClient, testbed: Testbed, completions: Completions) -> float:
    """Analyse a resume by rules; return the milliseconds until it ended, from when it was accepted."""
    answer = await http.post(f"/api/v1/analysis/resumes/{testbed.resumes[0]}/analyze", json=BODY)
    accepted = time.monotonic()
    (ended,) = await completions.wait_for([answer.raise_for_status().json()["analysis_id"]], seconds=120)
    return (ended - accepted) * 1000
