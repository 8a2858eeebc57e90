"""Labels that a model claims: what code checks, and how far they move a score."""

from dataclasses import replace

import pytest
from scoring.criteria.claims import LABELLED, Claim, assess_claims, check_claim, claim_of
from scoring.criteria.context import create_context
from scoring.language.text import fold
from scoring.report.builder import assess_by_rules
from scoring.resume.bullet import Bullet, read_bullet
from scoring.resume.labels import BulletLabels
from scoring.resume.work_history import BulletSpan

from tests.support import events
from tests.unit.scoring.personas import MEDIUM, RUBRIC, STRONG, WEAK

EVERYTHING = Claim(
    action=True,
    amount=True,
    result=True,
    skills=frozenset({"cloud"}),
    appeals=frozenset({"revenue"}),
)
NOTHING = Claim(action=False, amount=False, result=False, skills=frozenset(), appeals=frozenset())


def read(text: str) -> Bullet:
    return read_bullet(text, fold(text), BulletSpan(0, len(text), "-", 0), RUBRIC)


def claimed(text: str, claim: Claim = EVERYTHING, *, may_raise: bool = True) -> BulletLabels:
    return check_claim(read(text), claim, may_raise=may_raise)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Kept a herd of goats, none of which was lost in seven winters", True),
        ("Wrote half of the handbook for new colleagues", True),
        ("三名の新人を教えた", True),
        ("Kept the herd through the winter", False),
        ("Ran Python 3.11 on the servers since 2019", False),
        ("Planned phase 2 of the museum", False),
        ("Kept the accounts of the club 99%", False),
        ("2019年に倉庫を担当", False),
    ],
)
def test_an_amount_needs_a_number_that_may_be_one(text: str, counts: bool) -> None:
    assert claimed(text).amount is counts


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Responsible for the archive of the town", "weak"),
        ("Helped with the harvest in the autumn", "weak"),
        ("広報業務のサポート", "weak"),
        ("広報誌の編集業務を担当", "strong"),
        ("Befriended the owners of the shops", "strong"),
        ("Night shifts on the cardiac ward", "strong"),
    ],
)
def test_an_action_cannot_stand_behind_a_weak_opening(text: str, action: str) -> None:
    assert claimed(text).action == action


@pytest.mark.parametrize(
    ("text", "counts"),
    [("Site safety", False), ("Kept order", False), ("Kept order in a hall that had none before", True)],
)
def test_a_result_needs_room(text: str, counts: bool) -> None:
    assert claimed(text).result is counts


def test_labels_can_be_taken_away_except_a_skill_whose_term_is_there() -> None:
    labels = claimed("Cut costs by 30% with Kubernetes on AWS, which saved the company", NOTHING)
    assert (labels.action, labels.amount, labels.result) == ("none", False, False)
    assert "cloud" in labels.skills


def test_specific_follows_from_the_other_labels_and_the_names() -> None:
    text = "Kept the herd of twelve goats alive through the winter"
    assert (claimed(text).specific, claimed(text, NOTHING).specific) == (True, False)
    assert claimed("Kept the herd of the Abbey alive", NOTHING).specific


def test_claims_that_may_not_raise_only_take_away() -> None:
    for text in (
        "Kept order in a hall that had none before",
        "Befriended 12 owners of shops",
        "Night shifts",
    ):
        own = read(text).labels
        assert claimed(text, may_raise=False) == own
        assert claimed(text, NOTHING, may_raise=False) == claimed(text, NOTHING)


def test_own_labels_as_a_claim_change_nothing() -> None:
    for line in (*STRONG.splitlines(), *WEAK.splitlines()):
        if line.startswith("- "):
            own = read(line[2:]).labels
            checked = check_claim(read(line[2:]), claim_of(own))
            assert replace(checked, action=own.action) == own


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK])
def test_own_labels_give_the_assessments_of_the_rules(text: str) -> None:
    context = create_context(events.requested(text=text), rubric=RUBRIC)
    rules = assess_by_rules(context)
    again = assess_claims(context, rules, [bullet.labels for bullet in context.resume.bullets])
    assert [replace(each, method="rule") for each in again] == rules
    assert {each.id for each in again if each.method == "model"} <= set(LABELLED)


@pytest.mark.parametrize("text", [MEDIUM, WEAK])
def test_claims_raise_an_assessment_by_a_quarter_of_its_points_at_most(text: str) -> None:
    context = create_context(events.requested(text=text), rubric=RUBRIC)
    rules = assess_by_rules(context)
    labels = [check_claim(bullet, EVERYTHING) for bullet in context.resume.bullets]
    raised = assess_claims(context, rules, labels)
    gains = [min(1, new.share or 0) - min(1, old.share or 0) for new, old in zip(raised, rules, strict=True)]
    assert 0 < max(gains) <= 0.25 + 1e-9
    limited = [new.reason for new, gain in zip(raised, gains, strict=True) if gain == pytest.approx(0.25)]
    assert all("at most 25 %" in reason for reason in limited)
    kept = assess_claims(context, rules, labels, may_raise=False)
    assert all((new.share or 0) <= (old.share or 0) for new, old in zip(kept, rules, strict=True))
