"""Ask the configured model four questions: what its server supports, its time and its cost."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from contracts.vocabulary import Depth
from pydantic import BaseModel

from analyzer.llm.client.ask_model import AskModel
from analyzer.llm.client.refusals import ModelFailed
from analyzer.llm.client.server_features import FORMATS, RequestForm
from analyzer.llm.create import create_model
from analyzer.llm.prompting.json_output import parse_output
from analyzer.llm.prompting.questions import Question
from analyzer.llm.responses import FailureReason
from analyzer.llm.settings import ModelSettings
from analyzer.llm.usage import CallBudget, fewest_tokens, is_prompt_cut
from analyzer.ops.sample_resume import sample_request
from analyzer.pipeline.steps import prepare_analysis

Say = Callable[[str], None]

USABLE, UNUSABLE, USAGE = 0, 1, 2
_LINES: Final = ("Cut cost by 27%.", "Responsible for reports.", "Trained 60 people.")
_ADVICE: Final = {
    FailureReason.REJECTED: "check the key, OPENAI_BASE_URL and ANALYZER_MODEL",
    FailureReason.UNREACHABLE: "check OPENAI_BASE_URL and the network",
    FailureReason.REDIRECTED: "set OPENAI_BASE_URL to the address that the server redirects to",
    FailureReason.TIMEOUT: "set ANALYZER_MODEL_REQUEST_SECONDS to more than the model takes",
    FailureReason.CONTEXT: "give the model a larger context, and set ANALYZER_MODEL_CONTEXT_TOKENS to it",
    FailureReason.TRUNCATED: "set ANALYZER_MODEL_OUTPUT_TOKENS to more than the model writes",
    FailureReason.MALFORMED: "the model cannot answer in the form that is asked for; use a larger one",
    FailureReason.CONTROLS_FAILED: "the model got lines wrong whose answer is known; use a larger one",
    FailureReason.RATE_LIMITED: "the provider allows too few requests or tokens",
}


class _Line(BaseModel):
    id: str
    has_number: bool


class _Lines(BaseModel):
    lines: tuple[_Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """The outcome of one question: `content` is None if it failed for `reason`."""

    seconds: float
    budget: CallBudget
    content: str | None = None
    value: object = None
    reason: FailureReason | None = None


async def check_model(settings: ModelSettings, say: Say) -> int:
    """Ask the questions, say what was found, and return the exit code."""
    model = create_model(settings)
    if model is None:
        say("No model is configured: set OPENAI_API_KEY (any text for a server that needs none).")
        return USAGE
    say(f"Model {settings.model} at {settings.openai_base_url or 'OpenAI'}")
    try:
        return await _ask_four(model, settings, say)
    finally:
        await model.close()


async def _ask_four(model: AskModel, settings: ModelSettings, say: Say) -> int:
    small = _small_question()
    first = await _ask(model, small)
    say(f"1. A small question: {_describe(first)}")
    if first.reason not in (None, FailureReason.MALFORMED):
        return UNUSABLE
    right = [line.has_number for line in getattr(first.value, "lines", ())] == [True, False, True]
    second = await _ask(model, small)
    same = "the same answer" if first.content == second.content else "another answer"
    say(f"2. The same again: {_describe(second)}, {same if second.content else 'no answer to compare'}")
    questions = prepare_analysis(sample_request(Depth.STANDARD).model_dump_json()).questions
    question = questions.labels[0]
    third = await _ask(model, question)
    say(f"3. The bullets of a resume of two pages: {_describe(third)}")
    fourth = await _ask(model, cast("Question[Any]", questions.topics))
    say(f"4. The skills that they show: {_describe(fourth)}")

    say(f"Supported: {_supported(model, settings)}")
    if not right:
        say("The small question was answered wrongly: do not expect useful answers from this model.")
    if (cut := _cut_prompt(question, third)) is not None:
        say(f"The server cut the prompt: it read {cut} tokens. Raise its context size.")
    _say_cost((third, fourth), settings, say)
    if third.content is None or cut is not None:
        say("Not usable: rules alone would score the analyses.")
        return UNUSABLE
    if fourth.content is None:
        say("Usable, but rules alone would assess the fit to the industry.")
        return USABLE
    say("Usable.")
    return USABLE


def _small_question() -> Question[_Lines]:
    listed = "\n".join(f"{number}: {line}" for number, line in enumerate(_LINES, start=1))
    form = '{"lines": [{"id": "1", "has_number": true}, ...]}'
    line = {"id": {"type": "string"}, "has_number": {"type": "boolean"}}
    return Question(
        name="lines",
        messages=[
            {"role": "system", "content": f"Answer only with JSON of this form: {form}"},
            {"role": "user", "content": f"For each line, say whether it contains a number.\n{listed}"},
        ],
        schema=_object(lines={"type": "array", "items": _object(**line)}),
        parse=partial(parse_output, model=_Lines),
        repair="That could not be used: {fault}. Answer only with the JSON.",
    )


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a schema are any JSON
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


async def _ask(model: AskModel, question: Question[Any]) -> _Outcome:
    budget = model.start_budget()
    started = time.monotonic()
    try:
        response = await model.client.ask(question, seed=1, budget=budget)
    except ModelFailed as failed:
        return _Outcome(seconds=time.monotonic() - started, budget=budget, reason=failed.reason)
    seconds = time.monotonic() - started
    return _Outcome(seconds=seconds, budget=budget, content=response.raw.content, value=response.value)


def _describe(outcome: _Outcome) -> str:
    used = outcome.budget
    took = f"{outcome.seconds:.1f} s, {used.requests} {'request' if used.requests == 1 else 'requests'}"
    if outcome.reason is None:
        return f"answered in {took}, {used.input_tokens} tokens read and {used.output_tokens} written"
    advice = _ADVICE.get(outcome.reason)
    return f"failed after {took}: {outcome.reason}" + (f" ({advice})" if advice else "")


def _supported(model: AskModel, settings: ModelSettings) -> str:
    form = RequestForm(**{"limit": settings.model_output_tokens, **model.client.features.known()})
    formats = {FORMATS[0]: "a JSON schema", FORMATS[1]: "JSON without a schema", FORMATS[2]: "text only"}
    limit = "no token limit" if form.limit is None else f"{form.limit_name} up to at least {form.limit}"
    fixed = f"; set by ANALYZER_MODEL_BODY: {', '.join(settings.model_body)}" if settings.model_body else ""
    return (
        f"{formats[form.format]}; seed {'yes' if form.seed else 'no'}; "
        f"temperature {'yes' if form.temperature else 'no'}; {limit}{fixed}"
    )


def _cut_prompt(question: Question[Any], outcome: _Outcome) -> int | None:
    """Return the tokens that the server read if they are fewer than the prompt has."""
    used = outcome.budget
    if not used.input_tokens or used.requests != 1:
        return None
    return used.input_tokens if is_prompt_cut(used.input_tokens, fewest_tokens(question.messages)) else None


def _say_cost(outcomes: Sequence[_Outcome], settings: ModelSettings, say: Say) -> None:
    """Say what an analysis costs. A deep one asks about labels three times, and about the writing."""
    costs = [each.budget.usage().cost_usd for each in outcomes]
    if settings.prices is None:
        cost = "unknown: set ANALYZER_MODEL_INPUT_PRICE and ANALYZER_MODEL_OUTPUT_PRICE"
    elif not all(each.budget.requests for each in outcomes):
        cost = "unknown: a question was not sent"
    elif None in costs:
        cost = "unknown: the server reported no usage"
    else:
        labels, topics = (dollars or 0 for dollars in costs)
        # The question about the writing is about as large as one about labels.
        cost = f"about ${labels + topics:.4f} (standard), ${4 * labels + topics:.4f} (deep)"
    say(f"Cost of an analysis: {cost}")
