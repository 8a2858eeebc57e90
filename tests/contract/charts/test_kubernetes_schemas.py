"""The JSON schemas that `make k8s-check` validates the objects of the charts with are strict."""

import json

import pytest
from jsonschema import Draft202012Validator

from tools.k8s import schemas


@pytest.mark.parametrize("name", sorted(file.stem for file in schemas.FOLDER.glob("*.json")))
def test_schema_is_valid_and_rejects_unknown_fields(name: str) -> None:
    schema = json.loads((schemas.FOLDER / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    kind = schema["properties"]["kind"]
    version = name.partition("-")[2].replace("-", "/", 1)
    own = {"networking": "networking.k8s.io"}
    group, _, rest = version.rpartition("/")
    version = f"{own.get(group, group)}/{rest}".removeprefix("/")
    one = {"apiVersion": version, "kind": kind.get("const") or kind["enum"][0], "unknown": 1}

    assert schemas.schema_name(one) == name
    assert any("'unknown' was unexpected" in line for line in schemas.problems(one))
