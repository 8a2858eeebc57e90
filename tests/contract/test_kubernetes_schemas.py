"""The schemas that the charts' objects are held against, as their projects publish them."""

import json

import pytest
from jsonschema import Draft202012Validator

from tools.k8s import schemas


@pytest.mark.parametrize("name", sorted(file.stem for file in schemas.FOLDER.glob("*.json")))
def test_schemas_are_schemas_and_refuse_what_they_do_not_know(name: str) -> None:
    schema = json.loads((schemas.FOLDER / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    kind = schema["properties"]["kind"]
    version = name.partition("-")[2].replace("-", "/", 1)
    own = {"networking": "networking.k8s.io"}
    group, _, rest = version.rpartition("/")
    version = f"{own.get(group, group)}/{rest}".removeprefix("/")
    one = {"apiVersion": version, "kind": kind.get("const") or kind["enum"][0], "unheard": 1}

    assert schemas.schema_name(one) == name
    assert any("'unheard' was unexpected" in line for line in schemas.problems(one))
