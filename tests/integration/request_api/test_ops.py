"""The commands for on-call, run as a person does, on real servers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

import httpx2
import pytest
from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError
from contracts.envelope import encode
from contracts.events import (
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisProcessing,
    AnalysisRequested,
    Event,
)
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, dead_letter_topic

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_candidate, new_resume, upload
from tests.integration.request_api.test_copy_status import status_event
from tests.integration.request_api.test_watch import sent
from tests.support import files
from tests.support.ops_command import OpsResult, run_ops
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import count_records, headers_of, producer_for, read_events, read_records

CANARY = "Jane Doe of Berlin"
APPLY = ("--apply", "--by", "robin", "--reason", "a test")
QUEUE = dead_letter_topic(ANALYSIS_EVENTS, "request-api")

# A constant: the names of parametrized tests must be the same in each process.
UNKNOWN_ID = "0d9f4a52-6c1b-4f6e-9d1e-7a3b1c2d4e5f"


class Command(Protocol):
    async def __call__(self, *words: str) -> OpsResult: ...


@pytest.fixture
def run(request_api: httpx2.AsyncClient, request_database: Database, kafka_bootstrap: str) -> Command:
    """Return the command, configured for the servers of this test run."""
    return partial(run_ops, database_url=request_database.url, kafka_bootstrap_servers=kafka_bootstrap)


async def wait_for_dead_letter(kafka_bootstrap: str, key: str, *, after: str | None = None) -> str:
    """Return the name of the dead letter of an event that a test wrote, or of the next one with its key.

    Other types are ignored: a running results-api may publish events of the same analysis that fail, too.
    """
    least = int(after.rpartition(":")[2]) + 1 if after else 0

    def is_wanted(record: ConsumerRecord) -> bool:
        is_type = headers_of(record).get("ce_type") == AnalysisProcessing.type
        return record.key == key.encode() and is_type and record.offset >= least

    found = await read_records(kafka_bootstrap, QUEUE, wanted=is_wanted, until=bool)
    return f"{QUEUE}:{found[0].offset}"


async def write(
    kafka_bootstrap: str, event: Event, *, value: bytes | None = None, header: bytes | None = None
) -> None:
    """Write an event to the public topic, with a replaced value and an additional header if given."""
    message = encode(event, source="/resume-review/results-api", traceparent=None)
    headers = [(name, text.encode()) for name, text in message.headers.items()]
    async with producer_for(kafka_bootstrap) as producer:
        await producer.send_and_wait(
            ANALYSIS_EVENTS,
            message.value.encode() if value is None else value,
            key=message.key.encode(),
            headers=[*headers, (CANARY, header)] if header else headers,
        )


async def test_poison_record_is_listed_shown_without_text_replayed_and_dropped(
    run: Command, kafka_bootstrap: str
) -> None:
    key = str(uuid4())
    value = {"version": "x", "status": CANARY, CANARY: [CANARY], "industry": "general", "analysis_id": key}
    await write(
        kafka_bootstrap,
        status_event(AnalysisProcessing, key, 2),
        value=json.dumps(value).encode(),
        header=CANARY.encode(),
    )
    name = await wait_for_dead_letter(kafka_bootstrap, key)
    written = await count_records(kafka_bootstrap, ANALYSIS_EVENTS)

    listed = await run("dead-letters", "list", "--topic", ANALYSIS_EVENTS)
    (line,) = (line for line in listed.output.splitlines() if line.startswith(f"{name} "))
    assert all(part in line for part in ("analysis.processing.v1", key, "does not fit at: "))

    shown = await run("dead-letters", "show", name)
    assert f"key: {key}" in shown.output
    assert "ce_source: /resume-review/results-api" in shown.output
    assert f"dlq_origin_topic: {ANALYSIS_EVENTS}" in shown.output
    assert "decoded: no: com.resume-review.analysis.processing.v1 does not fit at: " in shown.output

    would = await run("dead-letters", "replay", name)
    assert f"would replay {name}: " in would.output
    would_drop = await run("dead-letters", "drop", name)
    assert f"would drop {name}" in would_drop.output
    assert would.audit == would_drop.audit == []
    assert await count_records(kafka_bootstrap, ANALYSIS_EVENTS) == written

    replayed = await run("dead-letters", "replay", name, *APPLY)
    (audit,) = replayed.audit
    assert {field: audit[field] for field in ("who", "what", "ids", "reason")} == {
        "who": "robin",
        "what": "dead-letters replay",
        "ids": [name],
        "reason": "a test",
    }
    assert await count_records(kafka_bootstrap, ANALYSIS_EVENTS) == written + 1
    # The cause is not fixed, so the event becomes another dead letter.
    again = await wait_for_dead_letter(kafka_bootstrap, key, after=name)
    handled_before = await run("dead-letters", "replay", name)
    assert (handled_before.code, handled_before.output[:24]) == (1, "There is no dead letter ")

    dropped = await run(
        *("dead-letters", "drop", "--all", "--topic", ANALYSIS_EVENTS, "--reason-matches", "does not fit"),
        *APPLY,
    )
    assert dropped.audit[0]["what"] == "dead-letters drop"
    assert again in dropped.audit[0]["ids"]
    after = await run("dead-letters", "list")
    assert key not in after.output

    ran = (listed, shown, would, would_drop, replayed, dropped, after)
    assert [one.code for one in ran] == [0] * len(ran)
    assert not [one for one in (*ran, handled_before) if CANARY in one.all_text]


@asynccontextmanager
async def broken(database: Database, analysis_id: str) -> AsyncIterator[None]:
    """Make storing the status of one analysis fail, as a bug would."""
    await database.fetch(
        f"""
        CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.id = '{UUID(analysis_id)}' THEN RAISE EXCEPTION '{CANARY}'; END IF;
            RETURN NEW;
        END $$
        """
    )
    await database.fetch(
        "CREATE TRIGGER break_it BEFORE UPDATE ON review_requests FOR EACH ROW EXECUTE FUNCTION break_it()"
    )
    try:
        yield
    finally:
        await database.fetch("DROP FUNCTION break_it CASCADE")


async def test_replayed_event_is_handled_after_the_fault_is_fixed(
    run: Command,
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
) -> None:
    analysis_id = await accepted(request_api, user)
    async with broken(request_database, analysis_id):
        await write(kafka_bootstrap, status_event(AnalysisProcessing, analysis_id, 2))
        name = await wait_for_dead_letter(kafka_bootstrap, analysis_id)
        listed = await run("dead-letters", "list")
    assert "RaiseError" in listed.output
    shown = await run("dead-letters", "show", name)
    assert "decoded: yes: com.resume-review.analysis.processing.v1, version 2" in shown.output
    replayed = await run("dead-letters", "replay", "--all", "--topic", ANALYSIS_EVENTS, *APPLY)
    assert name in replayed.audit[0]["ids"]

    async def status() -> str:
        answer = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
        shown: str = answer.json()["status"]
        return shown

    await eventually(status, until=lambda now: now == "processing")
    assert not [one for one in (listed, shown, replayed) if CANARY in one.all_text]


async def test_dropping_one_dead_letter_gives_the_others_new_ids(run: Command, kafka_bootstrap: str) -> None:
    await run("dead-letters", "drop", "--all", "--topic", ANALYSIS_EVENTS, *APPLY)
    async with producer_for(kafka_bootstrap) as producer:
        sent = [
            await producer.send_and_wait(QUEUE, b"x", headers=[("dlq_reason", f"reason {number}".encode())])
            for number in range(4)
        ]
    names = [f"{QUEUE}:{one.offset}" for one in sent]
    appended = "append 2 other dead letters to the same queue again, with new ids"
    words = ("dead-letters", "drop", "--all", "--reason-matches", "reason 2")
    assert f"would drop {names[2]}: reason 2\nwould {appended}\n" in (await run(*words)).output
    dropped = await run(*words, *APPLY)
    assert f"drop {names[2]}: reason 2\n{appended}\n1 dead letter handled.\n" in dropped.output
    assert dropped.audit[0]["ids"] == [names[2]]

    lines = (await run("dead-letters", "list", "--topic", ANALYSIS_EVENTS)).output.splitlines()
    first = sent[0].offset
    assert [(line.split()[0], line[-8:]) for line in lines[1:]] == [
        (f"{QUEUE}:{first + 3}", "reason 3"),
        (f"{QUEUE}:{first + 4}", "reason 0"),
        (f"{QUEUE}:{first + 5}", "reason 1"),
    ]
    gone = await run("dead-letters", "drop", f"{QUEUE}:{first + 4}", names[0], *APPLY)
    assert (gone.code, gone.audit) == (1, [])
    assert gone.output.startswith(
        f"There is no dead letter {names[0]}, or not any more. Nothing was changed."
    )
    handled = await run("dead-letters", "drop", f"{QUEUE}:{first + 3}", f"{QUEUE}:{first + 5}", *APPLY)
    assert "append 1 other dead letter " in handled.output
    await run("dead-letters", "drop", "--all", "--topic", ANALYSIS_EVENTS, *APPLY)
    assert (
        await run("dead-letters", "list", "--topic", ANALYSIS_EVENTS)
    ).output == "There are no dead letters.\n"


async def test_partial_replay_before_a_kafka_error_is_audited(
    run: Command, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(kafka_bootstrap, status_event(AnalysisProcessing, key := str(uuid4()), 2), value=b"broken")
    name = await wait_for_dead_letter(kafka_bootstrap, key)

    async def fail(*_: object) -> None:
        raise KafkaConnectionError

    words = ("dead-letters", "--all", "--topic", ANALYSIS_EVENTS, *APPLY)
    with monkeypatch.context() as patched:
        patched.setattr(AIOKafkaAdminClient, "delete_records", fail)
        replayed = await run(words[0], "replay", *words[1:])
        dropped = await run(words[0], "drop", *words[1:])
    assert (replayed.code, dropped.code) == (1, 1)
    assert "Kafka is unavailable or refused the request: KafkaConnectionError." in replayed.output
    assert name in replayed.audit[0]["ids"]
    assert dropped.audit == []
    assert name in (await run("dead-letters", "list")).output
    await run(words[0], "drop", *words[1:])


async def test_dead_letter_without_its_value_can_only_be_dropped(run: Command, kafka_bootstrap: str) -> None:
    headers = [("dlq_value_omitted", b"2000001"), ("dlq_reason", b"RuntimeError")]
    async with producer_for(kafka_bootstrap) as producer:
        sent = await producer.send_and_wait(QUEUE, None, key=b"k", headers=headers)
    name = f"{QUEUE}:{sent.offset}"
    refused = await run("dead-letters", "replay", name, *APPLY)
    assert (refused.code, refused.audit) == (1, [])
    assert refused.output == (
        f"{name} cannot be replayed: its value was too large to be kept with it. Nothing was changed.\n"
    )
    listed = await run("dead-letters", "list")
    assert "2000001 bytes (omitted)" in listed.output
    assert (await run("dead-letters", "drop", name, *APPLY)).audit[0]["ids"] == [name]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("dead-letters", "show", f"{QUEUE}:999999"), 1, f"There is no dead letter {QUEUE}:999999, or "),
        (("dead-letters", "drop", f"{QUEUE}:999999"), 1, f"There is no dead letter {QUEUE}:999999, or "),
        (("dead-letters", "show", "events:1"), 1, "events:1 names no dead letter"),
        (("dead-letters", "show", f"{QUEUE}:x"), 1, f"{QUEUE}:x names no dead letter"),
        (("erase", UNKNOWN_ID), 1, "Resume not found."),
        (("erase", "--candidate", UNKNOWN_ID), 1, "Candidate not found."),
        (("reemit", UNKNOWN_ID), 1, "There is no unfinished analysis"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
async def test_unknown_id_is_refused(run: Command, words: tuple[str, ...], code: int, sentence: str) -> None:
    ran = await run(*words)
    assert (ran.code, ran.output[: len(sentence)]) == (code, sentence)


async def accepted(api: httpx2.AsyncClient, user: User) -> str:
    answer = await analyze(api, user, await new_resume(api, user))
    analysis_id: str = answer.json()["analysis_id"]
    return analysis_id


async def stored_state(database: Database) -> tuple[dict[str, str], list[str]]:
    """Return digests of all tables once the outbox is empty.

    Of analyses it has only the ids, because their statuses may change in the meantime.
    """
    await eventually(lambda: database.fetch("SELECT FROM request_outbox"), until=lambda rows: not rows)
    contents = await database.digests()
    for table in ("review_requests", "analysis_details"):
        del contents[table]
    rows = await database.fetch("SELECT review_request_id FROM analysis_details ORDER BY 1")
    return contents, [str(analysis_id) for (analysis_id,) in rows]


async def test_resumes_of_a_candidate_are_erased_with_their_analyses(
    run: Command,
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
) -> None:
    candidate_id = await new_candidate(request_api, user)
    analysed = []
    resumes = []
    for _ in range(2):
        data = files.strong_resume_txt()
        resume = (await upload(request_api, user, candidate_id, data, "cv.txt")).json()["id"]
        resumes.append(resume)
        analysed.append((await analyze(request_api, user, resume)).json()["analysis_id"])

    for analysis_id in analysed:
        await sent(request_database, analysis_id)
    before = await stored_state(request_database)
    would = await run("erase", resumes[0])
    assert f"would erase resume {resumes[0]} and 1 analysis of it" in would.output
    assert "2 resumes" not in (await run("erase", "--candidate", candidate_id)).output
    assert await stored_state(request_database) == before

    one = await run("erase", resumes[0], *APPLY)
    (audit,) = one.audit
    assert (audit["what"], audit["resumes"], audit["analyses"]) == ("erase", [resumes[0]], [analysed[0]])
    rest = await run("erase", "--candidate", candidate_id, *APPLY)
    assert rest.audit[0]["resumes"] == [resumes[1]]
    assert "There is nothing to do." in (await run("erase", "--candidate", candidate_id, *APPLY)).output
    left = await request_database.fetch("SELECT id FROM resumes WHERE candidate_id = $1", candidate_id)
    assert left == []
    for analysis_id in analysed:
        events = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=2)
        assert isinstance(events[-1], AnalysisEraseRequested)
    assert "Example" not in would.output + one.output + rest.output


async def test_stuck_analysis_is_listed_reemitted_and_expired(
    run: Command,
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
) -> None:
    analysis_id = await accepted(request_api, user)
    await request_database.fetch(
        "UPDATE analysis_details SET accepted_at = now() - interval '20 min' WHERE review_request_id = $1",
        analysis_id,
    )
    assert analysis_id not in (await run("stuck")).output
    assert analysis_id in (await run("stuck", "--minutes", "15")).output
    before = await stored_state(request_database)
    assert f"would emit its event again: {analysis_id}" in (await run("reemit", analysis_id)).output
    assert "would end it as failed" in (await run("expire", analysis_id)).output
    assert await stored_state(request_database) == before
    for what in ("reemit", "expire"):
        ran = await run(what, analysis_id, *APPLY)
        assert (ran.audit[0]["what"], ran.audit[0]["analyses"]) == (what, [analysis_id])
    events = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=3)
    assert [type(event) for event in events] == [AnalysisRequested, AnalysisRequested, AnalysisExpired]
