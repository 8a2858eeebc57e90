"""Names and settings of the topics."""

import pytest
from contracts.catalogue import EVENTS
from contracts.topics import (
    ANALYSIS_EVENTS,
    ANALYSIS_REQUESTS,
    ANALYSIS_RESULTS,
    CONSUMERS,
    MAX_RECORD_BYTES,
    TOPICS,
    Topic,
    dead_letter_topic,
)

DAYS = {ANALYSIS_REQUESTS: 3, ANALYSIS_RESULTS: 3, ANALYSIS_EVENTS: 30}


def test_names_are_unique_and_carry_a_major_version() -> None:
    names = [topic.name for topic in TOPICS]
    assert len(set(names)) == len(names)
    assert all(name.startswith("resume-review.") and ".v1" in name for name in names)


def test_every_event_topic_has_a_consumer() -> None:
    assert {event.topic for event in EVENTS} == set(CONSUMERS) == set(DAYS)


def test_every_consumer_has_a_dead_letter_topic() -> None:
    dead_letter_topics = {topic.name for topic in TOPICS if topic.name.endswith(".dlq")}
    assert dead_letter_topics == {
        "resume-review.analysis-requests.v1.analyzer.dlq",
        "resume-review.analysis-requests.v1.results-api.dlq",
        "resume-review.analysis-results.v1.results-api.dlq",
        "resume-review.analysis-events.v1.request-api.dlq",
    }
    assert dead_letter_topic(ANALYSIS_RESULTS, "results-api") in dead_letter_topics


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_topic_settings(topic: Topic) -> None:
    assert topic.retention.days == DAYS.get(topic.name, 14)
    assert topic.config["retention.ms"] == str(topic.retention.days * 24 * 60 * 60 * 1000)
    assert topic.config["cleanup.policy"] == "delete"
    assert int(topic.config["max.message.bytes"]) > MAX_RECORD_BYTES
    # A segment that is never rolled is never deleted.
    assert 0 < int(topic.config["segment.ms"]) < int(topic.config["retention.ms"]) / 4
