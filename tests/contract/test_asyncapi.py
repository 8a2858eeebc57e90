"""The AsyncAPI document is whole: what it refers to is there, and its examples are of its own schemas.

That it is valid AsyncAPI 3.0 was seen with the official parser, @asyncapi/parser 3.6.3, which is npm's.
"""

import json
from collections.abc import Iterator

import pytest
from contract_tools.files import CONTRACTS, Document, Json
from contracts.events import EVENTS
from contracts.topics import ANALYSIS_EVENTS, CONSUMERS, TOPICS, WRITERS
from jsonschema import Draft7Validator

DOCUMENT: Document = json.loads((CONTRACTS / "asyncapi.json").read_text(encoding="utf-8"))
MESSAGES: Document = DOCUMENT["components"]["messages"]


def references(node: Json) -> Iterator[str]:
    """Every `$ref` below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def at(reference: str) -> Json:
    """What a reference into this document points to; KeyError if nothing is there."""
    node: Json = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert len(found) > len(EVENTS)
    for reference in found:
        assert at(reference)


def test_channels_are_the_three_topics_as_they_are_made() -> None:
    topics = {topic.name: topic for topic in TOPICS}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == set(WRITERS)
    for channel in DOCUMENT["channels"].values():
        topic = topics[channel["address"]]
        binding = channel["bindings"]["kafka"]
        assert (binding["topic"], binding["partitions"]) == (topic.name, topic.partitions)
        assert binding["topicConfiguration"]["retention.ms"] == topic.retention.total_seconds() * 1000
        assert set(channel["messages"]) == {event.__name__ for event in EVENTS if event.topic == topic.name}


def test_each_topic_has_one_writer_and_its_readers() -> None:
    seen = set()
    for operation in DOCUMENT["operations"].values():
        channel = at(operation["channel"]["$ref"])
        (tag,) = operation["tags"]
        seen.add((operation["action"], channel["address"], tag["name"]))
        # An operation's messages are named through its channel, as the specification wants it.
        prefix = operation["channel"]["$ref"] + "/messages/"
        assert all(message["$ref"].startswith(prefix) for message in operation["messages"])
    assert seen == {
        *(("send", topic, writer) for topic, writer in WRITERS.items()),
        *(("receive", topic, reader) for topic, readers in CONSUMERS.items() for reader in readers),
    }


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_fit_payload_and_headers(name: str) -> None:
    message = MESSAGES[name]
    # AsyncAPI's own schema language is JSON Schema draft 7.
    payload = {**message["payload"], "components": DOCUMENT["components"]}
    (example,) = message["examples"]
    Draft7Validator(payload).validate(example["payload"])
    Draft7Validator(message["headers"]).validate(example["headers"])
    assert message["name"] == example["headers"]["ce_type"]


def test_the_public_channel_is_called_public() -> None:
    for channel in DOCUMENT["channels"].values():
        kind = "Public." if channel["address"] == ANALYSIS_EVENTS else "Private."
        assert channel["description"].startswith(kind)
