"""Collects the evidence of a run at its end."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from contracts.envelope import UndecodableEvent, decode
from contracts.events import PublicEvent
from contracts.topics import CONSUMERS, TOPICS
from local_stack.postgres import Postgres

from tests.support.servers.kafka import headers_of
from tools.chaos.stack.model import Interruption

if TYPE_CHECKING:
    from tools.chaos.stack.chaos_stack import ChaosStack

_OUTBOXES: Final = {"request_api": "request_outbox", "results_api": "results_outbox"}
_GROUPS: Final = tuple(dict.fromkeys(group for groups in CONSUMERS.values() for group in groups))
_ENDED: Final = "('completed', 'failed', 'cancelled', 'erased')"


async def install_audit(postgres: Postgres) -> None:
    """Add triggers that record every committed outbox row and every cached model answer."""
    for database, outbox in _OUTBOXES.items():
        connection = await postgres.connect(database)
        try:
            await connection.execute(f"""
                CREATE TABLE chaos_audit (ce_id uuid, key text, type text, topic text);
                CREATE FUNCTION chaos_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN
                    INSERT INTO chaos_audit VALUES (NEW.id, NEW.aggregateid, NEW.type, NEW.aggregatetype);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER chaos_audit AFTER INSERT ON {outbox} FOR EACH ROW
                EXECUTE FUNCTION chaos_audit();
            """)
        finally:
            await connection.close()
    connection = await postgres.connect("analyzer")
    try:
        # This table keeps its rows when the answers are erased.
        await connection.execute("""
            CREATE TABLE chaos_audit (model text, remembered_at timestamptz);
            CREATE FUNCTION chaos_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                INSERT INTO chaos_audit
                SELECT answer ->> 'model', clock_timestamp() FROM jsonb_array_elements(NEW.answers) AS answer;
                RETURN NULL;
            END $$;
            CREATE TRIGGER chaos_audit AFTER INSERT ON model_answers FOR EACH ROW
            EXECUTE FUNCTION chaos_audit();
        """)
    finally:
        await connection.close()


async def remaining_work(stack: "ChaosStack") -> dict[str, int]:
    """Return the amount of unfinished work by place; empty once the system is drained."""
    left = {
        "requests": await value_of(
            stack, "request_api", f"SELECT count(*) FROM analysis_details WHERE status NOT IN {_ENDED}"
        ),
        "views": await value_of(
            stack, "results_api", f"SELECT count(*) FROM analysis_views WHERE status NOT IN {_ENDED}"
        ),
    }
    for database, outbox in _OUTBOXES.items():
        left[outbox] = await value_of(stack, database, f"SELECT count(*) FROM {outbox}")
    ends, offsets = await _ends_and_offsets(stack.kafka.bootstrap_servers)
    for topic, groups in CONSUMERS.items():
        for group in groups:
            left[f"{group} of {topic}"] = sum(
                max(0, end - offsets[group].get(topic, {}).get(partition, begin))
                for partition, (begin, end) in ends[topic].items()
            )
    return {where: count for where, count in left.items() if count}


async def collect(
    stack: "ChaosStack",
    *,
    canaries: Iterable[Mapping[str, object]],
    meta: Mapping[str, object],
    injected: Iterable[Mapping[str, object]] = (),
    pauses: Iterable[Mapping[str, object]] = (),
    interrupted: Sequence[Interruption] = (),
) -> Path:
    """Write all evidence that was not written during the run, and return its folder.

    `interrupted` are the periods, besides kills, in which an analyzer could not work.
    """
    folder = stack.evidence
    _write(folder / "requests.jsonl", await _rows(stack, "request_api", _REQUESTS))
    _write(folder / "views.jsonl", await _rows(stack, "results_api", _VIEWS))
    _write(folder / "results.jsonl", await _rows(stack, "results_api", _RESULTS))
    unsent, committed = [], []
    for database, outbox in _OUTBOXES.items():
        unsent += await _rows(
            stack, database, f"SELECT '{outbox}' AS outbox, id::text AS ce_id FROM {outbox}"
        )
        committed += await _rows(
            stack,
            database,
            f"SELECT '{outbox}' AS outbox, ce_id::text AS ce_id, key, type, topic FROM chaos_audit",
        )
    _write(folder / "outbox.jsonl", unsent)
    _write(folder / "committed.jsonl", committed)
    ends, offsets = await _ends_and_offsets(stack.kafka.bootstrap_servers)
    (folder / "ends.json").write_text(json.dumps(ends))
    (folder / "offsets.json").write_text(json.dumps(offsets))
    _write(folder / "canaries.jsonl", canaries)
    _write(folder / "records.jsonl", [_record(each) for each in await _records(stack, ends)])
    _write(
        folder / "model.jsonl",
        [
            {
                "at": call.at,
                "question": call.question,
                "seed": call.seed,
                "resume": call.resume,
                "analysis": call.analysis,
                "answered": call.answered_at is not None,
                "status": call.status,
            }
            for call in stack.model.calls
        ],
    )
    _write(folder / "injected.jsonl", injected)
    _write(folder / "pauses.jsonl", pauses)
    killed = [json.loads(line) for line in stack.kills.read_text().splitlines()]
    kills = [Interruption(analyzer=kill["service"], since=kill["at"], until=kill["at"]) for kill in killed]
    in_flight = stack.model.count_discarded([*kills, *interrupted], remembered=await _cached_answers(stack))
    (folder / "meta.json").write_text(json.dumps({**meta, "in_flight_at_kills": in_flight}))
    return folder


async def _cached_answers(stack: "ChaosStack") -> dict[str, float]:
    """Return when each answer was cached, by the model's name in it, on the monotonic clock."""
    rows = await _rows(
        stack, "analyzer", "SELECT model, extract(epoch FROM remembered_at)::float8 AS at FROM chaos_audit"
    )
    ahead = time.time() - time.monotonic()
    return {row["model"]: row["at"] - ahead for row in rows}


_REQUESTS: Final = """
    SELECT r.id::text AS id, r.resume_id::text AS resume_id, r.status, d.status AS detail_status, d.version,
           d.failure_code, d.cancel_requested_at IS NOT NULL AS cancel_requested, k.key AS idempotency_key
    FROM review_requests r
    LEFT JOIN analysis_details d ON d.review_request_id = r.id
    LEFT JOIN idempotency_keys k ON k.answer ->> 'analysis_id' = r.id::text
"""
_VIEWS: Final = "SELECT analysis_id::text AS analysis_id, status, version, failure_code FROM analysis_views"
_RESULTS: Final = """
    SELECT id::text AS id, review_request_id::text AS review_request_id, overall_score FROM review_results
"""


def _record(raw: ConsumerRecord) -> dict[str, object]:
    headers = headers_of(raw)
    origin = None
    if "dlq_origin_topic" in headers:
        place = (int(headers[f"dlq_origin_{each}"]) for each in ("partition", "offset"))
        origin = [headers["dlq_origin_topic"], *place]
    try:
        event = decode(raw.value, headers)
    except UndecodableEvent:
        event = None
    key = raw.key.decode(errors="replace") if raw.key is not None else None
    return {
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": raw.offset,
        "sent_at": raw.timestamp / 1000,
        "key": key,
        "ce_id": headers.get("ce_id"),
        "type": headers.get("ce_type"),
        "version": event.version if event else None,
        "status": event.status if isinstance(event, PublicEvent) else None,
        "dlq_reason": headers.get("dlq_reason"),
        "dlq_origin": origin,
        "analysis_id": str(event.subject) if event else key,
        # All canaries begin with this.
        "text_canary": b"canary-" in (raw.value or b"").lower(),
    }


async def read_topics(stack: "ChaosStack", *topics: str) -> list[ConsumerRecord]:
    """Return all records now on these topics, in the order of each partition."""
    ends, _ = await _ends_and_offsets(stack.kafka.bootstrap_servers)
    return await _records(stack, {topic: ends[topic] for topic in topics})


async def _rows(stack: "ChaosStack", database: str, query: str) -> list[dict[str, Any]]:
    connection: asyncpg.Connection = await stack.postgres.connect(database)
    try:
        return [dict(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def value_of(stack: "ChaosStack", database: str, query: str) -> int:
    """Return the single number that a query yields."""
    ((count,),) = [row.values() for row in await _rows(stack, database, query)]
    assert isinstance(count, int)
    return count


Ends = dict[str, dict[int, tuple[int, int]]]
Offsets = dict[str, dict[str, dict[int, int]]]


async def _ends_and_offsets(bootstrap_servers: str) -> tuple[Ends, Offsets]:
    partitions = [TopicPartition(topic.name, each) for topic in TOPICS for each in range(topic.partitions)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await consumer.start()
        await admin.start()
        begins = await consumer.beginning_offsets(partitions)
        ends: Ends = defaultdict(dict)
        for partition, end in (await consumer.end_offsets(partitions)).items():
            ends[partition.topic][partition.partition] = (begins[partition], end)
        offsets: Offsets = {group: defaultdict(dict) for group in _GROUPS}
        for group in _GROUPS:
            for partition, committed in (await admin.list_consumer_group_offsets(group)).items():
                # -1 means that the group has committed nothing there.
                if committed.offset >= 0:
                    offsets[group][partition.topic][partition.partition] = committed.offset
    finally:
        await admin.close()
        await consumer.stop()
    return ends, offsets


async def _records(stack: "ChaosStack", ends: Ends) -> list[ConsumerRecord]:
    """Return every record before the end offsets."""
    partitions = [TopicPartition(topic, each) for topic, each_of in ends.items() for each in each_of]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=stack.kafka.bootstrap_servers,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    found: list[ConsumerRecord] = []
    try:
        consumer.assign(partitions)
        left = {
            each
            for each in partitions
            if ends[each.topic][each.partition][0] < ends[each.topic][each.partition][1]
        }
        while left:
            for partition, batch in (await consumer.getmany(timeout_ms=1000)).items():
                end = ends[partition.topic][partition.partition][1]
                found += [record for record in batch if record.offset < end]
                if batch[-1].offset >= end - 1:
                    left.discard(partition)
    finally:
        await consumer.stop()
    return found


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
