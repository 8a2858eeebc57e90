"""The effect of a fake model's labels on a report."""

import json
from typing import Any

import pytest
from contracts.report import Report
from contracts.vocabulary import Depth, ReviewType
from scoring.criteria.claims import BY_KIND, LABELLED
from scoring.messages import load_catalogue

from tests.support.analyses import BY_RULES, LINES, TEXT, analyses, by_id, has_fallback_notice
from tests.support.fakes.labels import (
    CONTROLS,
    PROMPT,
    Label,
    everything,
    honest,
    is_about_topics,
    labelled,
    labels_json,
    nothing,
    on_own_bullets,
    read_question,
)
from tests.support.fakes.model import FakeModel, FakeReply, Json, completion

ENGLISH = load_catalogue("en", resume_language="en")


async def test_model_labels_the_bullets_and_code_computes_the_points(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled(on_own_bullets(nothing))]
    report = await analyze()
    criteria = by_id(report)
    by_rules = by_id(await analyze(about={"depth": Depth.QUICK}))
    assert report.ai_model_used == "fake-model-2026"
    assert {name for name, each in criteria.items() if each.method == "model"} == set(LABELLED)
    names = ("content.quantified", "content.action_verbs", "content.results")
    assert {criteria[name].points for name in names} == {0}
    own = [name for name in by_rules if not name.startswith("industry.") and name not in LABELLED]
    assert [criteria[name] for name in own] == [by_rules[name] for name in own]
    run = report.detailed_scores.model_run
    assert run
    assert (run.requests, run.answers, run.input_tokens, run.output_tokens) == (2, 2, 2000, 400)
    assert (run.prompt_version, run.prompt_sha256) == (PROMPT.version, PROMPT.sha256)
    (request,) = model.requests
    assert request["model"] == "asked-for"
    assert request["response_format"]["json_schema"]["strict"]
    assert (request["temperature"], request["seed"]) == (0, 1)


async def test_labels_like_those_of_the_rules_give_their_points(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled(honest)]
    report, by_rules = await analyze(), await analyze(about={"depth": Depth.QUICK})
    assert [(each.id, each.points) for each in report.detailed_scores.criteria] == [
        (each.id, each.points) for each in by_rules.detailed_scores.criteria
    ]
    assert report.overall_score == by_rules.overall_score


async def test_model_sees_numbered_bullets_with_controls_among_them(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled()]
    await analyze()
    asked = read_question(model.requests[0])
    assert sorted(asked.own) == sorted(" ".join(line.split()) for line in LINES)
    places = [number for number, text in asked.bullets.items() if text in CONTROLS]
    assert len(places) == 24
    assert min(places) <= len(asked.bullets) // 3 < 2 * len(asked.bullets) // 3 <= max(places)
    # The last message is all that changes.
    assert model.requests[0]["messages"][0]["content"] == PROMPT.texts["labels-system.md"]


async def test_few_bullets_are_not_asked_about(model: FakeModel, analyze: Any) -> None:
    short = "EXPERIENCE\nClerk | Acme | Jan 2020 - Dec 2021\n- Sorted the letters\n- Filed the answers\n"
    report = await analyze(short)
    assert model.requests == []
    assert (report.ai_model_used, report.detailed_scores.model_run) == (BY_RULES, None)
    assert ENGLISH["notice.few_bullets"] in report.detailed_scores.notices


async def test_prompts_do_not_identify_the_person(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled()]
    text = "Mina Example\nmina@example.com | +81 90-1234-5678\n\n" + TEXT + "\n- Mina led; she won.\n"
    await analyze(text, focus_areas=("What Mina Example leads",))
    sent = json.dumps(model.requests)
    assert "[NAME]" in sent
    for canary in ("Mina", "Example", "mina@", "1234-5678", " she "):
        assert canary not in sent


async def test_quick_and_ats_check_do_not_call_the_model(model: FakeModel, analyze: Any) -> None:
    quick = await analyze(about={"depth": Depth.QUICK})
    ats = await analyze(about={"review_type": ReviewType.ATS_CHECK})
    assert model.requests == []
    assert ENGLISH["notice.rules_quick"] in quick.detailed_scores.notices
    assert ENGLISH["notice.rules_ats_check"] in ats.detailed_scores.notices
    assert {quick.ai_model_used, ats.ai_model_used} == {BY_RULES}


async def test_deep_uses_the_majority_of_three_and_reports_the_spread(model: FakeModel, analyze: Any) -> None:
    def by_seed(request: Json) -> FakeReply:
        label = on_own_bullets(nothing) if request["seed"] == 2 else honest
        return labelled(label)(request)

    model.replies = by_seed
    report, by_rules = await analyze(about={"depth": Depth.DEEP}), await analyze(about={"depth": Depth.QUICK})
    assert report.overall_score == by_rules.overall_score
    assert by_id(report)["content.quantified"].spread == 2
    notice = f"In 3 calls, the model labelled 0 of {len(LINES)} bullets alike"
    assert any(notice in each for each in report.detailed_scores.notices)
    # Each call has the controls at other places.
    orders = {tuple(read_question(each).bullets.values()) for each in model.requests[:3]}
    assert len(orders) == 3


async def test_answers_of_deep_calls_that_fail_controls_are_discarded(model: FakeModel, analyze: Any) -> None:
    model.replies = lambda request: labelled(everything if request["seed"] == 3 else honest)
    report = await analyze(about={"depth": Depth.DEEP})
    assert report.detailed_scores.model_run.answers == 2 + 1
    assert any(
        "1 of 3 answers of the language model was discarded" in n for n in report.detailed_scores.notices
    )


async def test_deep_uses_the_responses_that_succeeded(model: FakeModel, analyze: Any) -> None:
    model.replies = lambda request: labelled() if request["seed"] == 2 else completion(None, refusal="No.")
    report = await analyze(about={"depth": Depth.DEEP})
    assert report.ai_model_used == "fake-model-2026"
    assert "2 of 3 calls to the language model returned no answer." in report.detailed_scores.notices


async def test_cost_follows_from_the_prices(model: FakeModel) -> None:
    model.replies = [labelled()]
    async with analyses(model.url, model_input_price=2.0, model_output_price=8.0) as analyze:
        report = await analyze()
    assert report.detailed_scores.model_run.cost_usd == 2 * 0.0036


async def test_japanese_resume_gets_japanese_controls_and_report(model: FakeModel, analyze: Any) -> None:
    text = (
        "職務経歴\n株式会社A 課長 2020年4月～現在\n"
        "・12名のチームを率い、社内システムの費用を3年間で30％削減した\n"
        "・業務を自動化し、納期を5日から2日に短縮した\n・業務全般\n・取引先との調整を実施した\n学歴\n大学\n"
    )
    model.replies = [labelled()]
    report = await analyze(text)
    asked = read_question(model.requests[0])
    assert "12名のチームを率い、社内システムの費用を3年間で30％削減した" in asked.own
    assert len(asked.bullets) == 4 + 24
    assert all(not each.isascii() for each in asked.bullets.values())
    (evidence, _) = by_id(report)["content.quantified"].evidence
    assert "費用を3年間で30％削減した" in evidence.quote
    assert any(
        "言語モデルが箇条書き4件のうち4件を判定" in notice for notice in report.detailed_scores.notices
    )


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ("ft:gpt-4.1-mini:org_1/team@2026+a", "ft:gpt-4.1-mini:org_1/team@2026+a"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "asked-for"),
        ("<script>alert(1)</script>", "asked-for"),
        ("GPT 4", "asked-for"),
        ("gpt-4\n", "asked-for"),
        ("モデル", "asked-for"),
        ("", "asked-for"),
        (None, "asked-for"),
    ],
)
async def test_invalid_model_name_is_replaced_by_the_configured_one(
    model: FakeModel, analyze: Any, reported: str | None, expected: str
) -> None:
    model.replies = [labelled(model=reported)]
    report = await analyze()
    assert report.ai_model_used == report.raw_ai_response.model == expected


# -- topics --------------------------------------------------------------------------------------------


async def test_topics_have_a_question_of_their_own(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled()]
    model.aside = lambda request: topics(request, on_own_bullets(nothing))
    report, by_rules = await in_its_field(analyze)
    (request,) = model.requests_aside
    assert len(read_question(request).bullets) == len(LINES) + 10
    # Skills whose term stands in the bullet stay, appeal points do not.
    assert by_id(report)["industry.skills"].points == by_id(by_rules)["industry.skills"].points
    assert by_id(report)["industry.appeals"].points == 0
    assert by_id(report)["industry.appeals"].method == "model"


@pytest.mark.parametrize("label", [everything, nothing])
async def test_wrong_topics_leave_the_fit_to_the_rules_and_the_labels_count(
    model: FakeModel, analyze: Any, label: Label
) -> None:
    model.replies = [labelled(on_own_bullets(nothing))]
    model.aside = lambda request: topics(request, label)
    report, by_rules = await in_its_field(analyze)
    assert {name for name, each in by_id(report).items() if each.method == "model"} == set(BY_KIND)
    for name in ("industry.skills", "industry.appeals"):
        assert by_id(report)[name].points == by_id(by_rules)[name].points
    assert by_id(report)["content.results"].points == 0
    assert ENGLISH["notice.topics_lost"] in report.detailed_scores.notices
    assert len(model.requests_aside) == 2


async def test_topics_do_not_count_without_labels(model: FakeModel, analyze: Any) -> None:
    model.replies = [labelled(everything)]
    report, by_rules = await analyze(), await analyze(about={"depth": Depth.QUICK})
    assert len(model.requests_aside) == 1
    assert has_fallback_notice(report, "controls_failed")
    assert report.detailed_scores.criteria == by_rules.detailed_scores.criteria


async def in_its_field(analyze: Any) -> tuple[Report, Report]:
    """Analyze with the model and by rules, for an industry of which the fit is not limited otherwise."""
    industry = "software_engineering"
    return (
        await analyze(about={"industry": industry}),
        await analyze(about={"industry": industry, "depth": Depth.QUICK}),
    )


def topics(request: Json, label: Label) -> FakeReply | None:
    return completion(labels_json(request, label)) if is_about_topics(request) else None
