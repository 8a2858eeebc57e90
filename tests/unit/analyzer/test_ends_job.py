from analyzer.handlers.events import ends_job
from chassis.kafka.records import Record
from contracts.envelope import encode
from contracts.events import Event

from tests.support.events import NOW, cancel_requested, erase_requested, expired, facts, requested


def record(event: Event) -> Record:
    message = encode(event, source="/test", traceparent=None)
    return Record(
        topic=message.topic,
        partition=0,
        offset=0,
        key=message.key,
        value=message.value.encode(),
        headers=dict(message.headers),
        timestamp=NOW,
    )


def test_what_ends_an_analysis_ends_its_job() -> None:
    about = facts()
    job = record(requested(about))
    for end in (cancel_requested(about), erase_requested(about), expired(about)):
        assert ends_job(record(end), job)
    assert not ends_job(record(requested(about, emission=2)), job)
