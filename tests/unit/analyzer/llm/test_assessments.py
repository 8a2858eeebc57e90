"""From a model's assessments to answers."""

from dataclasses import replace
from typing import Any

import pytest
from analyzer.llm.client.circuit_breaker import CircuitBreaker
from analyzer.llm.create import create_model
from analyzer.llm.prompting.checklist import ModelAssessment
from analyzer.llm.prompting.prompt import load_prompt
from analyzer.llm.prompting.redaction import redact
from analyzer.llm.verification.assessments import verify_assessment
from analyzer.llm.verification.quotes import QuoteIndex
from analyzer.settings import Settings
from scoring import Assessment, Language

from tests.unit.scoring.personas import RUBRIC

TEXT = "- Cut the costs by 30% in 2023\n- Led 12 engineers of a bank\n"
RULE = Assessment(id="content.results", share=1, reason="By rule.", fix="Do as the rule says.")


def by_model(level: int, *quotes: str, **changes: Any) -> ModelAssessment:
    values = {"id": RULE.id, "quotes": quotes, "reason": "Seen.", "fix": "Do.", "level": level, **changes}
    return ModelAssessment.model_validate(values)


def assess(
    *assessments: ModelAssessment, text: str = TEXT, rule: Assessment = RULE, language: Language = "en"
) -> Assessment:
    redacted = redact(text)
    return verify_assessment(
        rule, assessments, redacted, QuoteIndex(redacted.shown), language=language
    ).assessment


TRUE = "Led 12 engineers of a bank"


@pytest.mark.parametrize(
    ("levels", "share", "spread"),
    [((2,), 1, None), ((0, 1, 2), 0.5, 2), ((2, 2, 0), 1, 2), ((1, 1, 1), 0.5, 0), ((2, 1), 0.5, 1)],
)
def test_the_median_counts_and_the_spread_is_told(
    levels: tuple[int, ...], share: float, spread: int | None
) -> None:
    answer = assess(*(by_model(level, TRUE) for level in levels))
    assert (answer.share, answer.spread, answer.method) == (share, spread, "model")


def test_without_proof_from_most_the_rule_stands() -> None:
    assert assess(by_model(2)) is RULE
    assert assess(by_model(2, "Doubled the profit twice")) is RULE
    assert assess(by_model(2, TRUE), by_model(2), by_model(1, "Invented all of this")) is RULE
    assert assess(by_model(2, TRUE), by_model(2, TRUE), by_model(1)).share == 1
    # That there is nothing cannot be quoted.
    assert assess(by_model(0)).share == 0


def test_a_model_takes_away_and_gives_nothing() -> None:
    poor = replace(RULE, share=0.4)
    assert assess(by_model(2, TRUE), rule=poor) is poor
    assert assess(by_model(1, TRUE), rule=poor) is poor
    assert assess(by_model(0), rule=poor).share == 0
    unasked = replace(RULE, share=None)
    assert assess(by_model(2, TRUE), rule=unasked) is unasked
    assert assess(by_model(0), rule=unasked) is unasked


def test_what_the_model_says_is_made_fit_for_a_report() -> None:
    answer = assess(by_model(1, TRUE, reason="a\u202e\x00\n b" + "c" * 999, fix="Say that it was 75%."))
    assert answer.reason.startswith("a bccc")
    assert len(answer.reason) == 400
    assert answer.fix == RULE.fix
    assert assess(by_model(1, TRUE, reason=" ", fix=None)).reason == RULE.reason
    assert assess(by_model(2, TRUE)).fix is None


@pytest.mark.parametrize(
    ("language", "said", "is_told"),
    [
        ("en", "The bullets give amounts.", True),
        ("en", 'A line such as "12名のチームを率いた。" says what came of it.', True),
        ("en", "Add figures to 営業企画.", True),
        ("en", "成果が数値で示されています。", False),
        ("en", "成果不足", False),
        ("ja", "成果が数値で示されています。", True),
        ("ja", "「Led 12 engineers of a bank」に成果があります。", True),
        ("ja", "KubernetesとTerraformとAnsibleの経験", True),
        ("ja", "成果不足", True),
        ("ja", "The bullets give amounts.", False),
        ("ja", "The line 「チームを率いた」 gives no amount.", False),
    ],
)
def test_words_in_another_language_than_the_reports_are_those_of_the_rule(
    language: Language, said: str, is_told: bool
) -> None:
    answer = assess(by_model(1, TRUE, reason=said, fix=said), language=language)
    assert (answer.share, answer.method) == (0.5, "model")
    assert (answer.reason, answer.fix) == ((said, said) if is_told else (RULE.reason, RULE.fix))


def test_the_prompt_asks_for_criteria_of_content_and_fit_alone() -> None:
    prompt = load_prompt()
    judged_by_people = {each.id for area in ("content", "industry_fit") for each in RUBRIC.criteria[area]}
    assert set(prompt.ids) < judged_by_people
    assert len(prompt.ids) == len(set(prompt.ids)) == 9
    assert len(prompt.sha256) == 64


def test_the_breaker_opens_and_lets_one_call_try() -> None:
    now = 0.0
    breaker = CircuitBreaker(failures=2, seconds=10, clock=lambda: now)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now = 10
    assert breaker.allows()
    assert not breaker.allows()
    breaker.abandoned()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now = 20
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


@pytest.mark.parametrize(
    ("environment", "is_on"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": ""}, False),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, False),
        ({"OPENAI_API_KEY": "sk-canary"}, True),
        ({"ANALYZER_OPENAI_API_KEY": "sk-canary", "ANALYZER_MODEL": "m"}, True),
    ],
)
def test_only_a_key_turns_the_model_on(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_on: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(kafka_bootstrap_servers="127.0.0.1:9")
    assert (create_model(settings) is not None) is is_on
    assert "canary" not in repr(settings)
