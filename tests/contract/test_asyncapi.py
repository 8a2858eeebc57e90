"""The AsyncAPI document is consistent: its references resolve and its examples match its schemas.

The official parser (@asyncapi/parser 3.6.3 from npm) accepted the document as valid AsyncAPI 3.0.
"""

import json
from collections.abc import Iterator

import pytest
from contract_tools.files import CONTRACTS, Document, Json
from contracts.catalogue import EVENTS
from contracts.topics import ANALYSIS_EVENTS, CONSUMERS, TOPICS, WRITERS
from jsonschema import Draft7Validator

DOCUMENT: Document = json.loads((CONTRACTS / "asyncapi.json").read_text(encoding="utf-8"))
MESSAGES: Document = DOCUMENT["components"]["messages"]


def references(node: Json) -> Iterator[str]:
    """Yield every `$ref` below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def resolve(reference: str) -> Json:
    """Return the node that a reference points to. Raises KeyError if there is none."""
    node: Json = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def test_every_reference_resolves() -> None:
    found = set(references(DOCUMENT))
    assert len(found) > len(EVENTS)
    for reference in found:
        assert resolve(reference)


def test_channels_match_the_three_topics() -> None:
    topics = {topic.name: topic for topic in TOPICS}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == set(WRITERS)
    for channel in DOCUMENT["channels"].values():
        topic = topics[channel["address"]]
        binding = channel["bindings"]["kafka"]
        assert (binding["topic"], binding["partitions"]) == (topic.name, topic.partitions)
        assert binding["topicConfiguration"]["retention.ms"] == topic.retention.total_seconds() * 1000
        assert set(channel["messages"]) == {event.__name__ for event in EVENTS if event.topic == topic.name}


def test_operations_match_writers_and_consumers() -> None:
    seen = set()
    for operation in DOCUMENT["operations"].values():
        channel = resolve(operation["channel"]["$ref"])
        (tag,) = operation["tags"]
        seen.add((operation["action"], channel["address"], tag["name"]))
        # The specification requires an operation to reference messages through its channel.
        prefix = operation["channel"]["$ref"] + "/messages/"
        assert all(message["$ref"].startswith(prefix) for message in operation["messages"])
    assert seen == {
        *(("send", topic, writer) for topic, writer in WRITERS.items()),
        *(("receive", topic, reader) for topic, readers in CONSUMERS.items() for reader in readers),
    }


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_match_payload_and_header_schemas(name: str) -> None:
    message = MESSAGES[name]
    # AsyncAPI's default schema language is JSON Schema draft 7.
    payload = {**message["payload"], "components": DOCUMENT["components"]}
    (example,) = message["examples"]
    Draft7Validator(payload).validate(example["payload"])
    Draft7Validator(message["headers"]).validate(example["headers"])
    assert message["name"] == example["headers"]["ce_type"]


def test_channel_descriptions_name_their_visibility() -> None:
    for channel in DOCUMENT["channels"].values():
        kind = "Public." if channel["address"] == ANALYSIS_EVENTS else "Private."
        assert channel["description"].startswith(kind)
