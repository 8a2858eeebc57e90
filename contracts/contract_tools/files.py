"""Paths of the committed files, and JSON rendering that is the same on every machine."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.events import Event

# Any JSON value and a JSON object. The specifications define their structure.
Json = Any
Document = dict[str, Json]

CONTRACTS = Path(__file__).resolve().parents[1]
ROOT = CONTRACTS.parent
GOLDEN = CONTRACTS / "golden"
SCHEMAS = CONTRACTS / "schemas"


def render(document: Document) -> str:
    """Render JSON with sorted keys, indentation and a final newline."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def event_schema(event: type[Event]) -> Document:
    """Return the JSON Schema 2020-12 of an event's value, from a reader's point of view.

    A field with a default is not required, because records older than the field lack it. A definition is
    named by its model's title, so that a Python class can be renamed without changing the published schema.
    """
    schema = event.model_json_schema(mode="validation")
    titles = {name: str(definition["title"]) for name, definition in schema.get("$defs", {}).items()}
    named: Document = with_references(
        schema, lambda reference: f"#/$defs/{titles[reference.removeprefix('#/$defs/')]}"
    )
    if titles:
        named["$defs"] = {titles[name]: definition for name, definition in named["$defs"].items()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **named}


def with_references(node: Json, change: Callable[[str], str]) -> Json:
    """Return a copy of the JSON in which every `$ref` is changed."""
    if isinstance(node, dict):
        return {
            key: change(value) if key == "$ref" else with_references(value, change)
            for key, value in node.items()
        }
    return [with_references(item, change) for item in node] if isinstance(node, list) else node


def schema_path(event: type[Event]) -> Path:
    """Return the path of the event's committed schema."""
    return SCHEMAS / f"{event.type}.json"
