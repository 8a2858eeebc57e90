"""The command that measures a real model, against fake ones."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from analyzer.llm.settings import ModelSettings
from pydantic import HttpUrl, SecretStr

from tests.support.fakes.labels import everything, honest, labelled
from tests.support.fakes.model import FakeModel, FakeReply, Reply, fake_model
from tools.evaluation.measurement import Property
from tools.model_evaluation.__main__ import NOT_MEASURED, measure, outcome_of, parse_arguments

_COUNTED: Final = "Analyses in which labels of the model counted"
_SOURCES: Final = (
    "the rules",
    "the model, as they count after code checked them",
    "the model, also in discarded answers",
)
_FEW: Final = "--bullets 12 --resumes 3 --people 1 --repeats 2 --instructions 3 --deep 0"


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    async with fake_model() as server:
        yield server


async def run(model: FakeModel, arguments: str = "") -> dict[str, Property]:
    """Measure a fake model and return the properties by their claims."""
    settings = ModelSettings(
        openai_api_key=SecretStr("none"),
        openai_base_url=HttpUrl(model.url),
        model_attempts=1,
        # An open breaker would make analyses wait.
        model_breaker_failures=1000,
    )
    found = await measure(settings, parse_arguments([*_FEW.split(), *arguments.split()]))
    return {each.claim: each for each in found}


async def test_model_that_labels_like_the_rules_agrees_as_they_do(model: FakeModel) -> None:
    model.replies = [labelled(honest)]
    found = await run(model)
    assert all(each.holds for each in found.values())
    for language in ("English", "Japanese"):
        figures = {found[f"{language}: labels of 12 bullets by {source}"].figure for source in _SOURCES}
        assert len(figures) == 1
    analyses = len(model.requests) // 2
    assert found[_COUNTED].figure == f"{analyses} of {analyses}"


@pytest.mark.parametrize("reply", [FakeReply(status=500), labelled(everything)])
async def test_fails_if_no_answer_counts(model: FakeModel, reply: Reply) -> None:
    model.replies = [reply]
    found = await run(model)
    assert [claim for claim, each in found.items() if not each.holds] == [_COUNTED]
    assert found[_COUNTED].figure.startswith("0 of ")


async def test_discarded_answers_are_counted_and_compared(model: FakeModel) -> None:
    model.replies = [labelled(everything)]
    found = await run(model)
    asked = len(model.requests)
    figure = f"{asked // 2} labels controls_failed, {asked // 2} topics controls_failed, of {asked} requests"
    assert found["Answers that were discarded"].figure == figure
    assert found[f"English: labels of 12 bullets by {_SOURCES[2]}"].figure.count("recall 1.00") == 3
    assert (
        found[f"English: labels of 0 bullets by {_SOURCES[1]}"].figure == "none: 0 of 1 calls were answered"
    )


async def test_stops_at_the_limit_of_requests(model: FakeModel) -> None:
    model.replies = [labelled(honest)]
    found = await run(model, "--requests 4")
    assert len(model.requests) == 4
    assert found[NOT_MEASURED].figure.startswith("a limit was reached")
    assert outcome_of(found[NOT_MEASURED]) == NOT_MEASURED
    assert outcome_of(found[_COUNTED]) == "holds"


async def test_stops_at_the_limit_of_time(model: FakeModel) -> None:
    model.replies = [labelled(honest)]
    assert not (await run(model, "--minutes 0"))[_COUNTED].holds
    assert model.requests == []
