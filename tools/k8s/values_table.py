"""Generates the table of values in a chart's README from values.schema.json and values.yaml."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.k8s.render import CHARTS

_BEGIN, _END = "<!-- values: written by make k8s-check ARGS=--write -->", "<!-- /values -->"


def write(chart: str) -> None:
    """Update the table in the README of a chart."""
    _file(chart).write_text(_generated(chart))


def is_stale(chart: str) -> bool:
    """Return True if the table is not up to date."""
    return _file(chart).read_text() != _generated(chart)


def _file(chart: str) -> Path:
    return CHARTS / chart / "README.md"


def _generated(chart: str) -> str:
    schema = json.loads((CHARTS / chart / "values.schema.json").read_text())
    values = yaml.safe_load((CHARTS / chart / "values.yaml").read_text())
    rows = "\n".join(
        f"| `{name}` | {meaning} | `{default}` |"
        for name, meaning, default in _rows(schema, schema, values, "")
    )
    before, _, rest = _file(chart).read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n| value | meaning | default |\n|---|---|---|\n{rows}\n{_END}{after}"


def _rows(
    root: dict[str, Any], schema: dict[str, Any], value: Any, name: str
) -> Iterator[tuple[str, str, str]]:
    """Yield name, meaning and default of each value."""
    meaning = schema.get("description", "")
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    # An object with a meaning as a whole gets one row.
    if name == "" or (
        "properties" in schema and not ("$ref" in schema or set(schema["properties"]) == {"name", "key"})
    ):
        for key, inner in schema["properties"].items():
            if isinstance(value, dict) and key in value:
                yield from _rows(root, inner, value[key], f"{name}.{key}".removeprefix("."))
        return
    default = json.dumps(value, ensure_ascii=False).replace("|", "\\|")
    if words := schema.get("enum"):
        meaning = ": ".join(part for part in (meaning, ", ".join(f"`{word}`" for word in words)) if part)
    yield name, meaning.replace("|", "\\|"), default
