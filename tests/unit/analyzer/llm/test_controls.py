"""Control bullets: what passes them, and how likely it is to pass by chance."""

import random
from collections.abc import Callable
from itertools import product

import pytest
from analyzer.llm.prompting.controls import (
    DRAWN,
    LABELS,
    Control,
    ControlsFailed,
    GivenLabels,
    check_controls,
    draw_controls,
)
from analyzer.llm.prompting.prompt import load_prompt
from scoring import Language, load_rubric

from tests.support.fakes.labels import honest, rule_labels

PROMPT = load_prompt()
RUBRIC = load_rubric()
LANGUAGES: tuple[Language, ...] = ("en", "ja")
# A label that is wrong is asked for once more.
ANSWERS = 2


def draw(language: Language = "en", seed: int = 1, topics: tuple[str, ...] | None = None) -> list[Control]:
    asked = tuple(RUBRIC.skills) if topics is None else topics
    return draw_controls(PROMPT.controls[language], random.Random(seed), topics=asked, avoid=())  # noqa: S311


def passes(controls: list[Control], label: Callable[[Control], GivenLabels]) -> bool:
    try:
        check_controls([(each, label(each)) for each in controls])
    except ControlsFailed:
        return False
    return True


def rightly(control: Control) -> GivenLabels:
    played = honest(control.text)
    return GivenLabels(played.labels, played.shows)


# -- chance --------------------------------------------------------------------------------------------


def chance_to_pass(wrong: list[float], *, at_most: int = 1) -> float:
    """Return the probability of at most so many wrong labels, of the probability of each to be wrong."""
    counts = [1.0]
    for chance in wrong:
        counts = [
            (counts[n] if n < len(counts) else 0) * (1 - chance) + (counts[n - 1] if n else 0) * chance
            for n in range(len(counts) + 1)
        ]
    return sum(counts[: at_most + 1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("label", ["amount", "action", "result"])
def test_a_random_label_passes_less_than_once_in_a_thousand(language: Language, label: str) -> None:
    letters = [each.labels[LABELS.index(label)] for each in draw(language)]
    for yes in (step / 100 for step in range(101)):
        by_chance = chance_to_pass([1 - yes if each != "-" else yes for each in letters])
        assert ANSWERS * by_chance < 1 / 1000, yes


@pytest.mark.parametrize("language", LANGUAGES)
def test_random_kinds_of_bullets_pass_less_than_once_in_a_thousand(language: Language) -> None:
    """Labels that fit together, as of a model that guesses for each bullet what kind it is."""
    controls = draw(language)
    kinds = [each.labels.replace("?", "-") for each in controls]
    chance = random.Random(7)  # noqa: S311

    def guess(_: Control) -> GivenLabels:
        letters = chance.choice(kinds)
        given = (label for label, letter in zip(LABELS, letters, strict=True) if letter != "-")
        return GivenLabels(frozenset(given), frozenset())

    assert not any(passes(controls, guess) for _ in range(10_000))


@pytest.mark.parametrize("labels", [tuple(each) for each in product((False, True), repeat=4)])
@pytest.mark.parametrize("shows", [frozenset(), frozenset(RUBRIC.skills)])
def test_the_same_labels_for_every_bullet_fail(labels: tuple[bool, ...], shows: frozenset[str]) -> None:
    given = frozenset(name for name, has in zip(LABELS, labels, strict=True) if has)
    assert not passes(draw(), lambda _: GivenLabels(given, shows))


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("has", [True, False])
def test_one_label_for_every_bullet_fails_beside_right_ones(label: str, has: bool) -> None:
    for language in LANGUAGES:

        def one(control: Control) -> GivenLabels:
            right = rightly(control)
            return GivenLabels(right.labels | {label} if has else right.labels - {label}, right.shows)

        assert not passes(draw(language), one)


def test_no_topic_or_every_topic_fails_beside_right_labels() -> None:
    for shows in (frozenset[str](), frozenset(RUBRIC.skills)):

        def same(control: Control, shows: frozenset[str] = shows) -> GivenLabels:
            return GivenLabels(rightly(control).labels, shows)

        assert not passes(draw(), same)


def test_right_labels_pass_with_a_slip_in_two_labels_but_not_in_three() -> None:
    controls = draw()

    def slips(*labels: str) -> bool:
        slipped = dict(zip((each.text for each in controls), labels, strict=False))
        return passes(
            controls,
            lambda each: GivenLabels(
                rightly(each).labels ^ {slipped[each.text]} if each.text in slipped else rightly(each).labels,
                rightly(each).shows,
            ),
        )

    assert slips()
    assert slips("amount", "result")
    assert not slips("result", "result")
    assert not slips("amount", "result", "action")


# -- pool ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("industry", sorted(RUBRIC.industries))
def test_each_industry_has_controls_of_its_skills(language: Language, industry: str) -> None:
    skills = tuple(RUBRIC.industries[industry].skills or RUBRIC.skills)
    controls = draw(language, topics=skills)
    assert len(controls) == sum(DRAWN.values())
    assert {each.topic for each in controls if each.kind == "skill"} <= set(skills)
    assert len({each.text for each in controls}) == len(controls)


def test_draws_differ_and_repeat_with_their_seed() -> None:
    assert draw(seed=1) == draw(seed=1) != draw(seed=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_agree_with_the_labels_of_the_pool(language: Language) -> None:
    """The rules are no authority, but many contradictions would mean that the pool is wrong."""
    pool = PROMPT.controls[language]
    right = total = 0
    for control in pool:
        own = rule_labels(control.text)
        found = (own.amount, own.action in ("strong", "plain"), own.result)
        for has, letter in zip(found, control.labels, strict=False):
            total += 1
            right += has == (letter != "-")
        if control.topic == "none":
            assert not own.skills | own.appeals, control.text
        elif control.topic != "?":
            assert control.topic in own.skills, control.text
    assert right / total > 0.9
