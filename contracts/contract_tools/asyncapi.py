"""The AsyncAPI 3.0 document of the three topics, generated from models, topics and golden files."""

import tomllib
from collections.abc import Mapping

from contracts.catalogue import EVENTS
from contracts.events import Event
from contracts.topics import (
    ANALYSIS_EVENTS,
    ANALYSIS_REQUESTS,
    ANALYSIS_RESULTS,
    CONSUMERS,
    TOPICS,
    WRITERS,
    Topic,
)

from contract_tools.files import CONTRACTS, Document, event_schema, with_references
from contract_tools.golden import golden_files

_BINDING = "0.5.0"

_PURPOSE: Mapping[str, str] = {
    ANALYSIS_REQUESTS: (
        "Private. Requests for an analysis, its cancellation, expiry or erasure. Contains resume text."
    ),
    ANALYSIS_RESULTS: (
        "Private. Progress of the analyzer: started, then the report or the reason for its absence."
    ),
    ANALYSIS_EVENTS: (
        "Public. Status changes of analyses: ids, scores and codes, no free text. Published only after the "
        "change is visible over HTTP. Any team may subscribe with its own consumer group; see "
        "docs/subscribing.md."
    ),
}

_SERVICES: Mapping[str, str] = {
    "request-api": "Accepts uploads and requests; reads the public topic like any subscriber",
    "analyzer": "Analyzes resumes; has no database",
    "results-api": "Decides the status of each analysis, stores the results, writes the public topic",
}


def asyncapi_document() -> Document:
    """Build the document. The output is deterministic."""
    schemas: Document = {}
    for event in EVENTS:
        schemas.update(_component_schemas(event))
    topics = [topic for topic in TOPICS if topic.name in WRITERS]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Resume review events",
            "version": _version(),
            "description": (
                "CloudEvents 1.0 in Kafka binary mode: attributes in `ce_*` headers, the event as JSON in "
                "the value, the analysis id as the key. `version` orders the events of one analysis on one "
                "topic. "
                "Delivery is at least once. Within a major version only optional fields are added."
            ),
            "tags": [{"name": name, "description": purpose} for name, purpose in _SERVICES.items()],
        },
        "defaultContentType": "application/json",
        "channels": {_short(topic.name): _channel(topic) for topic in topics},
        "operations": _operations(),
        "components": {
            "messages": {event.__name__: _message(event) for event in EVENTS},
            "schemas": schemas,
        },
    }


def _version() -> str:
    project = tomllib.loads((CONTRACTS / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _short(topic: str) -> str:
    return topic.removeprefix("resume-review.").removesuffix(".v1")


def _events_of(topic: str) -> list[type[Event]]:
    return [event for event in EVENTS if event.topic == topic]


def _channel(topic: Topic) -> Document:
    # The binding allows five of Kafka's settings and wants numbers as numbers.
    config = topic.config
    configuration: Document = {
        "cleanup.policy": config["cleanup.policy"].split(","),
        "retention.ms": int(config["retention.ms"]),
        "max.message.bytes": int(config["max.message.bytes"]),
    }
    return {
        "address": topic.name,
        "description": _PURPOSE[topic.name],
        "messages": {
            event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}
            for event in _events_of(topic.name)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations() -> Document:
    operations: Document = {}
    for topic, writer in WRITERS.items():
        operations[f"{writer}-sends-{_short(topic)}"] = _operation("send", topic, writer)
        for reader in CONSUMERS[topic]:
            operation = _operation("receive", topic, reader)
            operation["bindings"] = {
                "kafka": {"groupId": {"type": "string", "enum": [reader]}, "bindingVersion": _BINDING}
            }
            operations[f"{reader}-receives-{_short(topic)}"] = operation
    return operations


def _operation(action: str, topic: str, service: str) -> Document:
    channel = f"#/channels/{_short(topic)}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": f"{service} {'writes' if action == 'send' else 'reads'} {topic}",
        "tags": [{"name": service}],
        "messages": [{"$ref": f"{channel}/messages/{event.__name__}"} for event in _events_of(topic)],
    }


def _message(event: type[Event]) -> Document:
    summary, _, rest = (event.__doc__ or "").partition("\n\n")
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": " ".join(summary.split()),
        **({"description": " ".join(rest.split())} if rest else {}),
        "contentType": "application/json",
        "headers": headers_schema(event),
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "format": "uuid", "description": "The analysis id"},
                "bindingVersion": _BINDING,
            }
        },
        "examples": [
            {"name": golden.path.stem, "headers": golden.headers, "payload": golden.value}
            for golden in golden_files(event.type)
        ][:1],
    }


def headers_schema(event: type[Event]) -> Document:
    """Return the schema of record headers: CloudEvents attributes in the Kafka binding and trace context."""
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": [
            "ce_specversion",
            "ce_id",
            "ce_source",
            "ce_type",
            "ce_subject",
            "ce_time",
            "content-type",
        ],
        "properties": {
            "ce_specversion": {"type": "string", "const": "1.0"},
            "ce_id": {
                "type": "string",
                "format": "uuid",
                "description": "Unchanged when the record is sent again",
            },
            "ce_source": {
                **text,
                "format": "uri-reference",
                "const": f"/resume-review/{WRITERS[event.topic]}",
            },
            "ce_type": {"type": "string", "const": event.type},
            "ce_subject": {"type": "string", "format": "uuid", "description": "The analysis id"},
            "ce_time": {
                "type": "string",
                "format": "date-time",
                "description": "Time at which the event was recorded",
            },
            "content-type": {"type": "string", "const": "application/json"},
            "traceparent": {
                "type": "string",
                "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
                "description": "W3C trace context of the originating request, if it was traced",
            },
        },
    }


def _component_schemas(event: type[Event]) -> Document:
    """Return the event's schema and its definitions as components, because AsyncAPI has no `$defs`."""
    schema: Document = with_references(
        event_schema(event), lambda reference: reference.replace("#/$defs/", "#/components/schemas/")
    )
    del schema["$schema"]
    definitions: Document = schema.pop("$defs", {})
    return {event.__name__: schema, **definitions}
