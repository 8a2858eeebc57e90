"""Verification of the model's assessments against the rules and the resume."""

from dataclasses import replace
from typing import Any

import pytest
from analyzer.llm.prompting.checklist import ModelAssessment
from analyzer.llm.prompting.prompt import load_prompt
from analyzer.llm.prompting.redaction import redact
from analyzer.llm.verification.assessments import verify_assessment
from analyzer.llm.verification.quotes import QuoteIndex
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
def test_median_of_levels_decides_and_spread_is_reported(
    levels: tuple[int, ...], share: float, spread: int | None
) -> None:
    assessment = assess(*(by_model(level, TRUE) for level in levels))
    assert (assessment.share, assessment.spread, assessment.method) == (share, spread, "model")


def test_rule_is_used_unless_most_assessments_are_proven() -> None:
    assert assess(by_model(2)) is RULE
    assert assess(by_model(2, "Doubled the profit twice")) is RULE
    assert assess(by_model(2, TRUE), by_model(2), by_model(1, "Invented all of this")) is RULE
    assert assess(by_model(2, TRUE), by_model(2, TRUE), by_model(1)).share == 1
    # Absence cannot be quoted, so level 0 needs no proof.
    assert assess(by_model(0)).share == 0


def test_model_can_lower_but_not_raise_the_share() -> None:
    poor = replace(RULE, share=0.4)
    assert assess(by_model(2, TRUE), rule=poor) is poor
    assert assess(by_model(1, TRUE), rule=poor) is poor
    assert assess(by_model(0), rule=poor).share == 0
    unasked = replace(RULE, share=None)
    assert assess(by_model(2, TRUE), rule=unasked) is unasked
    assert assess(by_model(0), rule=unasked) is unasked


def test_sentences_of_the_model_are_cleaned() -> None:
    assessment = assess(by_model(1, TRUE, reason="a\u202e\x00\n b" + "c" * 999, fix="Say that it was 75%."))
    assert assessment.reason.startswith("a bccc")
    assert len(assessment.reason) == 400
    assert assessment.fix == RULE.fix
    assert assess(by_model(1, TRUE, reason=" ", fix=None)).reason == RULE.reason
    assert assess(by_model(2, TRUE)).fix is None


@pytest.mark.parametrize(
    ("language", "sentence", "is_used"),
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
def test_sentences_in_another_language_are_replaced_by_those_of_the_rule(
    language: Language, sentence: str, is_used: bool
) -> None:
    assessment = assess(by_model(1, TRUE, reason=sentence, fix=sentence), language=language)
    assert (assessment.share, assessment.method) == (0.5, "model")
    assert (assessment.reason, assessment.fix) == (
        (sentence, sentence) if is_used else (RULE.reason, RULE.fix)
    )


def test_checklist_covers_only_content_and_industry_fit() -> None:
    prompt = load_prompt()
    assessed = {each.id for area in ("content", "industry_fit") for each in RUBRIC.criteria[area]}
    assert set(prompt.ids) < assessed
    assert len(prompt.ids) == len(set(prompt.ids)) == 9
    assert len(prompt.sha256) == 64
