"""Answers that are no answers: each leaves the scores that the rules gave, and the report says why."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from analyzer.llm.prompting.controls import KINDS
from contracts.report import Report
from contracts.vocabulary import Depth
from scoring.messages import load_catalogue

from tests.support.analyses import BY_RULES, analyses
from tests.support.fakes.labels import everything, is_about_topics, labels_json, on_own_bullets, read_question
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion, fake_model
from tests.unit.scoring.personas import MEDIUM, STRONG, STRONG_JA, WEAK
from tools.evaluation.properties.labels import GARBAGE

RESUMES = {"strong": STRONG, "medium": MEDIUM, "Japanese": STRONG_JA}


# A real answer to an earlier question, which copied sentences of the prompt. It cut resumes from 100 to 44.
RECORDED: Json = json.loads(Path(__file__).with_name("garbage_answer.json").read_text(encoding="utf-8"))


@pytest_asyncio.fixture
async def model() -> AsyncIterator[FakeModel]:
    """Start a fake model of which every answer is garbage, also that about topics."""
    async with fake_model() as server:
        yield server


@pytest_asyncio.fixture
async def analyze(model: FakeModel) -> AsyncIterator[Any]:
    async with analyses(model.url, model_request_seconds=5) as analyze:
        yield analyze


def scores(report: Report) -> list[object]:
    points = [(each.id, each.points) for each in report.detailed_scores.criteria]
    return [report.overall_score, report.ats_score, report.content_score, report.formatting_score, points]


@pytest.mark.parametrize("text", RESUMES.values(), ids=RESUMES)
@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP])
async def test_garbage_leaves_the_scores_of_the_rules(
    model: FakeModel, analyze: Any, kind: str, text: str, depth: Depth
) -> None:
    model.replies = GARBAGE[kind]
    report, by_rules = (
        await analyze(text, about={"depth": depth}),
        await analyze(text, about={"depth": Depth.QUICK}),
    )
    assert scores(report) == scores(by_rules)
    assert (report.ai_model_used, report.raw_ai_response) == (BY_RULES, None)
    catalogue = load_catalogue("ja" if text is STRONG_JA else "en", resume_language="en")
    reasons = {catalogue[f"notice.model_failed.{reason}"] for reason in ("controls_failed", "malformed")}
    assert reasons & {*report.detailed_scores.notices}


def recorded(_: Json) -> FakeReply:
    return completion(RECORDED)


def recorded_for_each_bullet(request: Json) -> FakeReply:
    """Bring the recorded answer into the form that is asked for now."""
    answers = RECORDED["answers"]

    def entry(number: int) -> object:
        answer = answers[number % len(answers)]
        if is_about_topics(request):
            return [answer["level"] + 1]
        starts, copied = answer["quotes"]
        return {"starts": starts, "number": copied, "kind": KINDS[answer["level"]]}

    return completion({"bullets": {str(number): entry(number) for number in read_question(request).bullets}})


def recorded_levels(request: Json) -> FakeReply:
    """The same with what an attentive model would copy, so that only the levels are garbage."""
    kinds = [KINDS[each["level"]] for each in RECORDED["answers"]]
    answer = labels_json(request)
    if not is_about_topics(request):
        for number, each in answer["bullets"].items():
            each["kind"] = kinds[int(number) % len(kinds)]
    return completion(answer)


@pytest.mark.parametrize("text", RESUMES.values(), ids=RESUMES)
@pytest.mark.parametrize("reply", [recorded, recorded_for_each_bullet, recorded_levels])
async def test_recorded_garbage_leaves_the_scores_of_the_rules(
    model: FakeModel, analyze: Any, reply: Any, text: str
) -> None:
    model.replies = reply
    report, by_rules = await analyze(text), await analyze(text, about={"depth": Depth.QUICK})
    assert scores(report) == scores(by_rules)
    assert (report.ai_model_used, report.raw_ai_response) == (BY_RULES, None)
    catalogue = load_catalogue("ja" if text is STRONG_JA else "en", resume_language="en")
    reason = "malformed" if reply is recorded else "controls_failed"
    assert catalogue[f"notice.model_failed.{reason}"] in report.detailed_scores.notices


async def test_labels_that_pass_the_controls_raise_a_weak_resume_within_the_bound(
    model: FakeModel, analyze: Any
) -> None:
    """A model that knew the controls could be talked into labels: what that gains is bounded."""

    def knowing(request: Json) -> FakeReply:
        return completion(labels_json(request, on_own_bullets(everything)))

    model.replies = knowing
    report, by_rules = await analyze(WEAK), await analyze(WEAK, about={"depth": Depth.QUICK})
    assert report.ai_model_used == "fake-model-2026"
    assert 0 < report.overall_score - by_rules.overall_score <= 12
