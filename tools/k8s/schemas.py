"""Validates objects against the schemas of their kinds; a kind without a schema is invalid."""

import json
from collections.abc import Mapping
from functools import cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tools.k8s.render import CHARTS, Object

FOLDER = CHARTS / "schemas"
# Groups of Kubernetes itself are named without their suffix, as its own schemas are.
_OWN = ("networking.k8s.io", "autoscaling", "apps", "batch", "policy")


def schema_name(one: Object) -> str:
    """Return the name of the schema file: kind, group and version."""
    group, _, version = str(one.get("apiVersion", "")).rpartition("/")
    parts = [str(one.get("kind", "")).lower(), group.partition(".")[0] if group in _OWN else group, version]
    return "-".join(part for part in parts if part)


def problems(one: Object) -> list[str]:
    """Return the problems of an object; none if it is valid."""
    validator = _validator(schema_name(one))
    if validator is None:
        return [f"there is no schema {schema_name(one)}"]
    errors = []
    for error in validator.iter_errors(one):
        # Among alternatives, report the one that matches best.
        deepest = best_match([error]) or error
        errors.append(f"{deepest.json_path}: {deepest.message[:300]}")
    return errors


@cache
def _validator(name: str) -> Draft202012Validator | None:
    file = FOLDER / f"{name}.json"
    if not file.exists():
        return None
    schema: Mapping[str, object] = json.loads(file.read_text())
    return Draft202012Validator(schema)
