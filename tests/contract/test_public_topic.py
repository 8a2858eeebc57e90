"""The public topic contains ids, numbers, times and codes, never free text, because any team may read it."""

from collections.abc import Iterator

import pytest
from contract_tools.files import Document, event_schema
from contracts.catalogue import EVENTS
from contracts.events import AnalysisFailedToRun, AnalysisRequested, Event
from contracts.topics import ANALYSIS_EVENTS

_CLOSED_FORMATS = {"uuid", "date-time"}
# A single lower-case word cannot hold a name, a sentence or an address.
_CLOSED_PATTERNS = {"^[a-z][a-z0-9_]*$"}


def free_texts(node: Document, root: Document, at: str = "") -> Iterator[str]:
    """Yield the path of each field of a schema that accepts any text."""
    if "$ref" in node:
        yield from free_texts(root["$defs"][node["$ref"].rpartition("/")[2]], root, at)
        return
    for one in node.get("anyOf", ()):
        yield from free_texts(one, root, at)
    for name, part in node.get("properties", {}).items():
        yield from free_texts(part, root, f"{at}.{name}".removeprefix("."))
    if "items" in node:
        yield from free_texts(node["items"], root, f"{at}[]")
    closed = (
        "enum" in node or node.get("format") in _CLOSED_FORMATS or node.get("pattern") in _CLOSED_PATTERNS
    )
    # A field without a type accepts anything.
    if not closed and node.get("type", "string" if "anyOf" not in node else "") == "string":
        yield at


@pytest.mark.parametrize("event", [event for event in EVENTS if event.topic == ANALYSIS_EVENTS])
def test_public_event_has_no_free_text(event: type[Event]) -> None:
    schema = event_schema(event)
    assert list(free_texts(schema, schema)) == []


def test_free_text_is_detected() -> None:
    requested, failed = event_schema(AnalysisRequested), event_schema(AnalysisFailedToRun)
    assert {"text", "analysis.candidate_name", "signals.sections[].title", "focus_areas[]"} <= set(
        free_texts(requested, requested)
    )
    assert "failure.detail" in set(free_texts(failed, failed))
    assert list(free_texts({"type": "object", "properties": {"any": {}}}, {})) == ["any"]


def test_each_status_has_one_public_event_of_its_subject() -> None:
    public = [event for event in EVENTS if event.topic == ANALYSIS_EVENTS]
    statuses = ["pending", "processing", "completed", "failed", "cancelled", "erased"]
    assert [event.type for event in public] == [
        *(f"com.resume-review.analysis.{status}.v1" for status in statuses),
        *(f"com.resume-review.match.{status}.v1" for status in statuses if status != "processing"),
    ]
