"""Claims about bullets: what a model said of them, and where it said nothing, what the rules say."""

import pytest
from analyzer.llm.prompting.labels import GivenLabels
from analyzer.llm.prompting.topics import ShownTopics
from analyzer.llm.verification.labels import to_claims
from scoring.criteria.claims import Claim, claim_of
from scoring.criteria.context import ScoringContext, create_context
from scoring.rubric import load_rubric

from tests.support import events

ENGLISH = (
    "EXPERIENCE\nEngineer | Acme | Jan 2020 - Dec 2021\n- Winner of the prize for the best exhibition\n"
    "- Moved 30 services to AWS\n- Documentation of the interfaces\n"
)
JAPANESE = (
    "職務経歴\n株式会社A 課長 2020年4月～2022年3月\n"
    "・近隣住民の対立を仲裁し、苦情が取り下げられた\n・30件のサービスをAWSに移行\n・仕様書の管理\n"
)


def context_of(text: str) -> ScoringContext:
    return create_context(events.requested(text=text), rubric=load_rubric())


def claims(
    text: str, *given: GivenLabels | None, topics: tuple[ShownTopics, ...] | None = None
) -> list[Claim]:
    return to_claims(context_of(text), given, topics)


RESULT = GivenLabels(kind="result", amount=None)
ACTION = GivenLabels(kind="action", amount=False)
DUTY = GivenLabels(kind="duty", amount=False)


def test_without_an_entry_a_bullet_keeps_what_the_rules_say() -> None:
    own = [claim_of(each.labels) for each in context_of(ENGLISH).resume.bullets]
    assert claims(ENGLISH, None, None, None) == own
    first, *others = claims(ENGLISH, DUTY, None, None)
    assert (first.action, first.result, others) == (False, False, own[1:])


@pytest.mark.parametrize(
    ("given", "action", "amount", "result"),
    [(RESULT, True, True, True), (ACTION, True, False, False), (DUTY, False, False, False)],
)
def test_labels_follow_from_the_kind_and_the_number(
    given: GivenLabels, action: bool, amount: bool, result: bool
) -> None:
    # The rules see an amount in the second bullet.
    found = claims(ENGLISH, None, given, None)[1]
    assert (found.action, found.amount, found.result) == (action, amount, result)


def test_an_english_result_says_nothing_about_the_verb() -> None:
    first, second, _ = claims(ENGLISH, RESULT, RESULT, None)
    assert (first.action, second.action) == (False, True)
    assert claims(JAPANESE, RESULT, None, None)[0].action


def test_topics_replace_those_of_the_rules() -> None:
    shown = ShownTopics(skills=frozenset({"data_ai"}), appeals=frozenset({"revenue"}))
    found = claims(ENGLISH, None, ACTION, None, topics=(shown, shown, shown))[1]
    assert (found.skills, found.appeals) == (shown.skills, shown.appeals)
