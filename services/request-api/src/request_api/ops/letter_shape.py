"""What a record looks like, without what it says: it may hold a person's resume.

Shown are sizes and kinds, words of the contracts, ids, versions, and headers that look as they should.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from aiokafka import ConsumerRecord
from contracts.envelope import NotOurEvent, decode
from contracts.events import EVENTS

# Enough for the largest event, a report.
MAX_LINES = 120
MAX_DEPTH = 8

_UUID: Final = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
# How the headers look that our services write; with anything else in them only their size is told.
_HEADERS: Final = {
    "ce_specversion": r"\d\.\d",
    "ce_id": _UUID,
    "ce_source": r"/resume-review/[a-z-]+",
    "ce_type": r"com\.resume-review(\.[a-z-]+)+\.v\d+",
    "ce_subject": _UUID,
    "ce_time": _TIME,
    "content-type": r"application/json",
    "traceparent": r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
}


def event_type(headers: dict[str, str]) -> str:
    """Shortened, where it looks like one of ours."""
    return known_header("ce_type", headers.get("ce_type", "")).removeprefix("com.resume-review.")


def known_header(name: str, value: str) -> str:
    """The value where it looks as it should, else its size."""
    if name.startswith("dlq_") or re.fullmatch(_HEADERS.get(name, "(?!)"), value):
        return value
    return f"({len(value.encode())} bytes that do not belong there)" if value else "-"


def identifier(key: bytes | None) -> str | None:
    """The key where it is an id."""
    text = (key or b"").decode(errors="replace")
    return text if re.fullmatch(_UUID, text) else None


def describe(raw: ConsumerRecord) -> Iterator[str]:
    """Lines: key, headers, what decoding says, and the value's structure."""
    yield f"key: {identifier(raw.key) or _size(raw.key)}"
    for name, value in raw.headers:
        text = (value or b"").decode(errors="replace")
        if name in _HEADERS or name.startswith("dlq_"):
            yield f"{name}: {known_header(name, text)}"
        else:
            yield f"another header, with a name of {len(name)} characters: {_size(value)}"
    yield f"value: {_size(raw.value)}"
    yield f"decoded: {_decoded(raw)}"
    yield from _structure(raw.value)


def _size(value: bytes | None) -> str:
    return "none" if value is None else f"{len(value)} bytes"


def _decoded(raw: ConsumerRecord) -> str:
    headers = {name: (value or b"").decode(errors="replace") for name, value in raw.headers}
    try:
        event = decode(raw.value, headers)
    except NotOurEvent as error:
        return f"no: {error}"
    return f"yes: {event.type}, version {event.version}"


def _structure(value: bytes | None) -> Iterator[str]:
    if value is None:
        return
    try:
        parsed = json.loads(value)
    except UnicodeDecodeError as error:
        yield f"not UTF-8 from byte {error.start} on"
    except json.JSONDecodeError as error:
        yield f"not JSON: {error.msg} at character {error.pos}"
    except (RecursionError, ValueError) as error:
        yield f"not JSON that can be read: {type(error).__name__}"
    else:
        names, words = _vocabulary()
        for number, line in enumerate(_lines(parsed, names=names, words=words, name="value", depth=0)):
            if number == MAX_LINES:
                yield "  ..."
                return
            yield f"  {line}"


def _lines(value: object, *, names: set[str], words: set[str], name: str, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{name}: {_kind(value, name=name, words=words)}"
    if depth == MAX_DEPTH:
        return
    if isinstance(value, dict):
        for field, inner in value.items():
            known = field if field in names else f"(unknown field, {len(field)} characters)"
            yield from _lines(inner, names=names, words=words, name=known, depth=depth + 1)
    elif isinstance(value, list) and value:
        yield from _lines(value[0], names=names, words=words, name="(first)", depth=depth + 1)


def _kind(value: object, *, name: str, words: set[str]) -> str:
    match value:
        case dict():
            return f"object of {len(value)}"
        case list():
            return f"list of {len(value)}"
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() if name == "version":
            return str(value)[:20]
        case int() | float():
            return "number"
        case str() if value in words or re.fullmatch(_UUID, value):
            return value
        case _:
            return f"text of {len(str(value))} characters"


def _vocabulary() -> tuple[set[str], set[str]]:
    """The field names and the fixed words of all events."""
    names, words = set[str](), set[str]()

    def collect(schema: object) -> None:
        if isinstance(schema, dict):
            properties = schema.get("properties")
            names.update(properties if isinstance(properties, dict) else ())
            enum = schema.get("enum")
            words.update(word for word in (enum if isinstance(enum, list) else ()) if isinstance(word, str))
            for inner in schema.values():
                collect(inner)
        elif isinstance(schema, list):
            for inner in schema:
                collect(inner)

    for event in EVENTS:
        collect(event.model_json_schema())
    return names, words
