"""A small question for tests of the model client, which does not depend on what an analysis asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, Literal

from analyzer.llm.client.ask_model import AskModel
from analyzer.llm.create import create_model
from analyzer.llm.prompting.json_output import parse_output
from analyzer.llm.prompting.questions import Question
from analyzer.llm.settings import ModelSettings
from pydantic import BaseModel, HttpUrl, SecretStr

from tests.support.fakes.model import Json


class Verdict(BaseModel):
    id: str
    level: Literal[0, 1, 2]
    reason: str


class Verdicts(BaseModel):
    verdicts: tuple[Verdict, ...]


ANSWER: Final[Json] = {
    "verdicts": [
        {"id": "tone", "level": 2, "reason": "A matter of taste."},
        {"id": "length", "level": 0, "reason": "Two pages of text."},
    ]
}
PARSED: Final = Verdicts.model_validate(ANSWER)
PROMPT: Final = "How do you like this resume? Say so for its tone and its length."
QUESTION: Final = Question(
    name="verdicts",
    messages=[{"role": "user", "content": PROMPT}],
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["verdicts"],
        "properties": {"verdicts": {"type": "array", "items": {"type": "object"}}},
    },
    parse=partial(parse_output, model=Verdicts),
    repair="That could not be used: {fault}",
)


@asynccontextmanager
async def model_at(url: str, **settings: Any) -> AsyncIterator[AskModel]:
    """Yield the model at `url`, with time limits below a second."""
    values: dict[str, Any] = {
        "openai_api_key": SecretStr("sk-canary-key"),
        "openai_base_url": HttpUrl(url),
        "model": "asked-for",
        "model_connect_seconds": 2,
        "model_request_seconds": 2,
        "model_budget_seconds": 5,
        **settings,
    }
    model = create_model(ModelSettings(**values))
    assert model
    try:
        yield model
    finally:
        await model.close()
