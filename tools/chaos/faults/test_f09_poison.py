"""F9: records that nobody can understand, among healthy ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import quantiles
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from contracts.topics import CONSUMERS, MAX_RECORD_BYTES, dead_letter_topic

from contracts import events
from tests.support.servers.kafka import headers_of, producer_for
from tools.chaos.probes import for_seconds, latencies, seconds_until_it_goes_on
from tools.chaos.recording.collect import read_topics
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

DEAD_LETTERS = [dead_letter_topic(topic, group) for topic, groups in CONSUMERS.items() for group in groups]
# By turns without and with poison, so that what else goes on in the machine is in both.
TURNS = 3
TURN_SECONDS = 6.0
# What the 99th percentile of healthy analyses may grow by.
AT_MOST_TIMES = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Poison:
    """A record; `changes` are to the headers of a sound one, None takes a header away."""

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
    # Far below what the machine can do: where there is a queue, its length is all that would be measured.
    async with chaos_run(stack, clients=8, pace=1.2, seed=scale.seed) as run:
        await seconds_until_it_goes_on(run, within=30)
        await for_seconds(2)
        async with producer_for(stack.kafka.bootstrap_servers) as producer:
            for _ in range(TURNS):
                quiet += await latencies(run, seconds=TURN_SECONDS)
                for topic in CONSUMERS:
                    for poison in POISON:
                        await _inject(run, producer, topic, poison)
                poisoned += await latencies(run, seconds=TURN_SECONDS)
        await verdict(run)
        letters = await read_topics(
            stack,
            *(dead_letter_topic(topic, group) for topic, groups in CONSUMERS.items() for group in groups),
        )
    # Each topic has one reader but the first, which has two.
    assert len(letters) == TURNS * len(POISON) * len(DEAD_LETTERS)
    for letter in letters:
        headers = headers_of(letter)
        assert headers["dlq_reason"]
        assert headers["dlq_origin_topic"] in CONSUMERS
    before, after = (quantiles(each, n=100)[98] for each in (quiet, poisoned))
    print(f"99th percentile of {len(quiet)} and {len(poisoned)}: {before:.3f} s, with poison {after:.3f} s")  # noqa: T201 - figures
    assert after <= AT_MOST_TIMES * before


async def _inject(run: Run, producer: AIOKafkaProducer, topic: str, poison: Poison) -> None:
    key, ce_id = str(uuid4()), str(uuid4())
    types = {event.topic: event.type for event in events.EVENTS}
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
