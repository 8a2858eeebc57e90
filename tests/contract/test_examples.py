"""The examples in the OpenAPI documents are valid, so that a client can send and parse them."""

from typing import Any

import pytest
from contract_tools.openapi import openapi_documents
from contracts.report import DetailedScores
from jsonschema import Draft202012Validator


def schemas_with_examples() -> list[Any]:
    return [
        pytest.param(document, name, id=f"{service} {name}")
        for service, document in openapi_documents().items()
        for name, schema in document["components"]["schemas"].items()
        if "examples" in schema
    ]


@pytest.mark.parametrize(("document", "name"), schemas_with_examples())
def test_examples_match_their_schema(document: Any, name: str) -> None:
    schema = {**document, "$ref": f"#/components/schemas/{name}"}
    for example in document["components"]["schemas"][name]["examples"]:
        Draft202012Validator(schema).validate(example)


def test_main_routes_have_examples() -> None:
    names = {each.values[1] for each in schemas_with_examples()}
    assert {"UploadView", "AnalyzeBody", "AnalysisAccepted", "StatusView", "ResultView"} <= names


def test_detailed_scores_of_the_example_are_a_report() -> None:
    schema = openapi_documents()["results-api"]["components"]["schemas"]["ResultView"]
    DetailedScores.model_validate(schema["examples"][0]["detailed_scores"])
