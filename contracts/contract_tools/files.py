"""Where the committed files stand, and how JSON is written so that it is the same on every machine."""

import json
from pathlib import Path
from typing import Any

from contracts.events import Event

# JSON of any shape, and a JSON object; their shapes are the specifications' affair.
Json = Any
Document = dict[str, Json]

CONTRACTS = Path(__file__).resolve().parents[1]
ROOT = CONTRACTS.parent
GOLDEN = CONTRACTS / "golden"
SCHEMAS = CONTRACTS / "schemas"


def render(document: Document) -> str:
    """Sorted, readable JSON with a newline at the end."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def event_schema(event: type[Event]) -> Document:
    """JSON Schema 2020-12 of an event's value, as a reader sees it.

    A field with a default is not required: records that are older than the field lack it.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **event.model_json_schema(mode="validation"),
    }


def schema_path(event: type[Event]) -> Path:
    """Where the schema of an event is committed."""
    return SCHEMAS / f"{event.type}.json"
