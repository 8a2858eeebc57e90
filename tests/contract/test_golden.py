"""Golden files are immutable, and every golden record is still readable."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from contract_tools.asyncapi import headers_schema
from contract_tools.files import ROOT, Json, event_schema
from contract_tools.golden import GoldenRecord, golden_files
from contract_tools.history import HistoryUnavailable, edited_golden_files, incompatible_schemas
from contracts.catalogue import EVENTS
from contracts.envelope import decode, encode
from contracts.events import Event
from jsonschema import Draft202012Validator

GOLDENS = tuple(golden_files())
every_golden = pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


@every_event
def test_every_event_has_golden_files(event: type[Event]) -> None:
    assert len([golden for golden in GOLDENS if golden.path.parent.name == event.type]) >= 2


@every_golden
def test_golden_record_is_decoded(golden: GoldenRecord) -> None:
    event = decode(golden.payload, golden.headers)
    assert event.type == golden.path.parent.name == golden.headers["ce_type"]
    assert golden.key == str(event.subject) == golden.headers["ce_subject"]


@every_golden
def test_golden_record_matches_the_schema(golden: GoldenRecord) -> None:
    event = type(decode(golden.payload, golden.headers))
    Draft202012Validator(event_schema(event)).validate(golden.value)


@every_golden
def test_reencoded_record_keeps_all_values(golden: GoldenRecord) -> None:
    event = decode(golden.payload, golden.headers)
    message = encode(event, source=golden.headers["ce_source"], traceparent=golden.headers.get("traceparent"))
    assert (message.topic, message.key) == (event.topic, golden.key)
    assert decode(message.value.encode(), message.headers) == event
    _assert_contains(json.loads(message.value), golden.value)


def _assert_contains(written: Json, golden: Json) -> None:
    """Assert that every value of the golden record is kept. Defaults may be added."""
    if isinstance(golden, dict):
        for name, value in golden.items():
            _assert_contains(written[name], value)
    elif isinstance(golden, list):
        assert len(written) == len(golden)
        for one, other in zip(written, golden, strict=True):
            _assert_contains(one, other)
    else:
        assert written == golden


@every_golden
def test_unknown_fields_are_ignored(golden: GoldenRecord) -> None:
    newer = json.dumps(_with_more_fields(golden.value))
    assert decode(newer, {**golden.headers, "ce_newer": "1"}) == decode(golden.payload, golden.headers)


def _with_more_fields(node: Json) -> Json:
    if isinstance(node, dict):
        return {**{name: _with_more_fields(value) for name, value in node.items()}, "newer": {"a": [1]}}
    return [_with_more_fields(item) for item in node] if isinstance(node, list) else node


@every_golden
def test_golden_headers_are_cloudevents(golden: GoldenRecord) -> None:
    _assert_cloudevent(type(decode(golden.payload, golden.headers)), golden.headers)


@every_event
def test_written_headers_are_cloudevents(event: type[Event]) -> None:
    golden = next(golden_files(event.type))
    read = decode(golden.payload, golden.headers)
    first = encode(read, source=golden.headers["ce_source"], traceparent=None)
    second = encode(read, source=golden.headers["ce_source"], traceparent=golden.headers["traceparent"])
    _assert_cloudevent(event, first.headers)
    _assert_cloudevent(event, second.headers)
    assert "traceparent" not in first.headers
    assert first.headers["ce_id"] == str(first.id) != second.headers["ce_id"]


def _assert_cloudevent(event: type[Event], headers: Mapping[str, str]) -> None:
    Draft202012Validator(headers_schema(event)).validate(dict(headers))
    assert datetime.fromisoformat(headers["ce_time"]).tzinfo is not None
    assert UUID(headers["ce_id"]).version == 4
    assert urlsplit(headers["ce_source"]).path == headers["ce_source"]
    # The Kafka binding names attributes ce_ plus lower-case letters and digits, except for the content type.
    rest = {
        name for name in headers if not (name.startswith("ce_") and name[3:].isalnum() and name.islower())
    }
    assert rest <= {"content-type", "traceparent"}


def test_golden_files_match_the_git_history() -> None:
    try:
        assert edited_golden_files(ROOT) == []
    except HistoryUnavailable as reason:
        pytest.skip(str(reason))


def test_schemas_are_compatible_with_the_git_history() -> None:
    try:
        assert incompatible_schemas(ROOT) == []
    except HistoryUnavailable as reason:
        pytest.skip(str(reason))
