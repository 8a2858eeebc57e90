"""F9: undecodable records among valid ones become dead letters and do not slow down the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import quantiles
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from contracts.catalogue import EVENTS
from contracts.topics import CONSUMERS, MAX_RECORD_BYTES, dead_letter_topic

from tests.support.servers.kafka import headers_of, producer_for
from tools.chaos.probes import measure_latencies, run_for, wait_for_progress
from tools.chaos.recording.collect import read_topics
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

DEAD_LETTERS = [dead_letter_topic(topic, group) for topic, groups in CONSUMERS.items() for group in groups]
# Phases without and with poison alternate, so that other load on the machine affects both.
TURNS = 3
TURN_SECONDS = 6.0
# The limit for the growth of the 99th percentile of valid analyses.
AT_MOST_TIMES = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """An undecodable record; `changes` modify the headers of a valid one, and None removes a header."""

    kind: str
    value: bytes | None
    changes: Mapping[str, str | None]


POISON = (
    Poison(kind="bad JSON", value=b'{"version": 1, "analysis": ', changes={}),
    Poison(kind="wrong schema", value=b'{"version": "first"}', changes={}),
    Poison(kind="no type", value=b"{}", changes={"ce_type": None}),
    Poison(kind="no CloudEvent", value=b"{}", changes={"ce_specversion": None}),
    Poison(kind="unknown major version", value=b"{}", changes={"ce_type": "com.resume-review.analysis.v99"}),
    Poison(kind="large", value=b"x" * (MAX_RECORD_BYTES - 1000), changes={}),
    Poison(kind="tombstone", value=None, changes={}),
)


@pytest.mark.timeout(900)
async def test_f09_poison(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    quiet: list[float] = []
    poisoned: list[float] = []
    # The load is far below capacity; with a queue, the latency would only measure its length.
    async with chaos_run(stack, clients=8, pace=1.2, seed=scale.seed) as run:
        await wait_for_progress(run, within=30)
        await run_for(2)
        async with producer_for(stack.kafka.bootstrap_servers) as producer:
            for _ in range(TURNS):
                quiet += await measure_latencies(run, seconds=TURN_SECONDS)
                for topic in CONSUMERS:
                    for poison in POISON:
                        await _inject(run, producer, topic, poison)
                poisoned += await measure_latencies(run, seconds=TURN_SECONDS)
        await verdict(run)
        dead_letters = await read_topics(
            stack,
            *DEAD_LETTERS,
        )
    # The first topic has two consumer groups, the others have one.
    assert len(dead_letters) == TURNS * len(POISON) * len(DEAD_LETTERS)
    for dead_letter in dead_letters:
        headers = headers_of(dead_letter)
        assert headers["dlq_reason"]
        assert headers["dlq_origin_topic"] in CONSUMERS
    before, after = (quantiles(each, n=100)[98] for each in (quiet, poisoned))
    print(f"99th percentile of {len(quiet)} and {len(poisoned)}: {before:.3f} s, with poison {after:.3f} s")  # noqa: T201 - figures
    assert after <= AT_MOST_TIMES * before


async def _inject(run: Run, producer: AIOKafkaProducer, topic: str, poison: Poison) -> None:
    key, ce_id = str(uuid4()), str(uuid4())
    types = {event.topic: event.type for event in EVENTS}
    headers = {
        "ce_specversion": "1.0",
        "ce_id": ce_id,
        "ce_source": "/tests",
        "ce_type": types[topic],
        "ce_subject": key,
        **poison.changes,
    }
    sent = [(name, value.encode()) for name, value in headers.items() if value is not None]
    await producer.send_and_wait(topic, poison.value, key=key.encode(), headers=sent)
    run.injected.append({"topic": topic, "ce_id": ce_id, "kind": f"poison: {poison.kind}"})
