"""Control bullets: what passes them, and how likely it is to pass without reading them."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import product

import pytest
from analyzer.llm.prompting.controls import (
    KINDS,
    KINDS_DRAWN,
    KINDS_WRONG,
    TOPICS_DRAWN,
    TOPICS_WRONG,
    Control,
    ControlsFailed,
    check_kinds,
    check_topics,
    draw_controls,
)
from analyzer.llm.prompting.prompt import load_prompt
from scoring.criteria.claims import Claim, check_claim
from scoring.language.text import fold
from scoring.resume.amounts import holds_number
from scoring.resume.bullet import read_bullet
from scoring.resume.work_history import BulletSpan
from scoring.rubric import Language, load_rubric

from tests.support.chance import by_chance, by_position
from tests.support.fakes.labels import rule_labels

PROMPT = load_prompt()
RUBRIC = load_rubric()
LANGUAGES: tuple[Language, ...] = ("en", "ja")
# An answer that fails is asked for once more.
ANSWERS = 2
LIMIT = 1 / 1000 / ANSWERS
FEWEST_BULLETS = 3


def draw(language: Language = "en", seed: int = 1, avoid: Sequence[str] = ()) -> list[Control]:
    generator = random.Random(seed)  # noqa: S311
    return draw_controls(PROMPT.controls[language], generator, counts=KINDS_DRAWN, avoid=avoid)


def passes(kinds: Callable[[int, Control], str | None], controls: Sequence[Control] | None = None) -> bool:
    try:
        check_kinds([(each, kinds(at, each)) for at, each in enumerate(controls or draw())])
    except ControlsFailed:
        return False
    return True


def passes_topics(topics: Callable[[Control], set[str]], controls: Sequence[Control]) -> bool:
    try:
        check_topics([(each, topics(each)) for each in controls])
    except ControlsFailed:
        return False
    return True


def drawn_kinds() -> list[int]:
    kinds = [each.kind for each in draw()]
    return [kinds.count(each) for each in KINDS]


# -- chance --------------------------------------------------------------------------------------------


def mixes(steps: int) -> Iterator[tuple[float, float, float]]:
    for duties in range(steps + 1):
        for actions in range(steps - duties + 1):
            yield duties / steps, actions / steps, (steps - duties - actions) / steps


def chances_of_mixes() -> Iterator[list[float]]:
    """Yield the chances of each number of wrong answers, for random mixes of kinds."""
    counts = drawn_kinds()
    for mix in mixes(24):
        yield by_chance([chance for chance, count in zip(mix, counts, strict=True) for _ in range(count)])


def chances_of_patterns() -> Iterator[list[float]]:
    """Yield the same for fixed sequences of kinds, with the fewest bullets between the controls."""
    counts = drawn_kinds()
    total = sum(counts) + FEWEST_BULLETS
    # Sequences that are far from the drawn shares pass less often.
    near = range(total // 3 - 2, total // 3 + 3)
    for duties, actions in product(near, near):
        yield by_position(counts, (duties, actions, total - duties - actions))


def test_tolerance_is_the_largest_that_chance_passes_less_than_once_in_a_thousand() -> None:
    chances = [*chances_of_mixes(), *chances_of_patterns()]
    assert max(sum(each[: KINDS_WRONG + 1]) for each in chances) < LIMIT
    assert max(sum(each[: KINDS_WRONG + 2]) for each in chances) >= LIMIT


def test_copying_numbers_by_chance_takes_no_amount_away() -> None:
    """An amount is taken away only by an answer that copies the number of each control that holds one."""
    assert 0.5 ** sum(each.has_amount for each in draw()) < LIMIT


@pytest.mark.parametrize("count", sorted({len(each.skills) for each in RUBRIC.industries.values()}))
def test_tolerance_of_topics_is_the_largest_that_chance_passes_less_than_once_in_a_thousand(
    count: int,
) -> None:
    skills = count or len(RUBRIC.skills)
    appeals = min(len(each.appeals) for each in RUBRIC.industries.values())

    def best(allowed: int) -> float:
        # With some chance none, otherwise the five topics at most that one may name.
        found = (step / 50 for step in range(51))
        hit = 5 / (skills + appeals)
        right = ([1 - some] * TOPICS_DRAWN["duty"] + [some * hit] * TOPICS_DRAWN["skill"] for some in found)
        return max(sum(by_chance(each)[: allowed + 1]) for each in right)

    assert best(TOPICS_WRONG) < LIMIT
    if skills == min(len(each.skills) or len(RUBRIC.skills) for each in RUBRIC.industries.values()):
        assert best(TOPICS_WRONG + 1) >= LIMIT


def test_random_kinds_fail() -> None:
    chance = random.Random(7)  # noqa: S311
    controls = draw()
    assert sum(passes(lambda *_: chance.choice(KINDS), controls) for _ in range(3_000)) < 3


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_one_kind_for_every_bullet_fails(kind: str | None) -> None:
    assert not passes(lambda *_: kind)


@pytest.mark.parametrize("missing", KINDS)
@pytest.mark.parametrize("instead", KINDS)
def test_a_model_that_never_sees_one_kind_fails(missing: str, instead: str) -> None:
    if instead != missing:
        assert not passes(lambda _, each: instead if each.kind == missing else each.kind)


@pytest.mark.parametrize("period", [2, 3, 4, 6])
def test_positional_patterns_fail(period: int) -> None:
    for seed in range(50):
        controls = draw(seed=seed)
        random.Random(seed).shuffle(controls)  # noqa: S311
        for shift in range(3):

            def pattern(at: int, _: Control, shift: int = shift) -> str:
                return KINDS[(at // (period // 2) + shift) % 3]

            assert not passes(pattern, controls)


def test_right_kinds_pass_with_so_many_slips_and_no_more() -> None:
    def slips(**counts: int) -> bool:
        """Take so many controls of each kind for actions, or actions for nothing."""
        left = dict(counts)

        def kind(_: int, control: Control) -> str | None:
            left[control.kind] = left.get(control.kind, 0) - 1
            if left[control.kind] < 0:
                return control.kind
            return None if control.kind == "action" else "action"

        return passes(kind)

    assert slips()
    assert slips(duty=4, result=3)
    assert slips(duty=2, result=2, action=3)
    assert not slips(duty=4, result=4)
    assert not slips(duty=5)
    assert not slips(result=5)


@pytest.mark.parametrize("label", ["duty", "result"])
def test_a_model_that_guesses_one_label_and_knows_the_other_passes_less_than_once_in_a_hundred(
    label: str,
) -> None:
    counts = dict(zip(KINDS, drawn_kinds(), strict=True))
    own, rest = counts[label], sum(counts.values()) - counts[label]
    guesses = (by_chance([yes / 50] * own + [1 - yes / 50] * rest) for yes in range(51))
    allowed = max(count for count in range(8) if label_slips_pass(label, count))
    assert ANSWERS * max(sum(each[: allowed + 1]) for each in guesses) < 1 / 100


def label_slips_pass(label: str, count: int) -> bool:
    """Tell whether an answer passes that takes so many controls of a kind for actions."""
    slipped = [each.text for each in draw() if each.kind == label][:count]
    return passes(lambda _, each: "action" if each.text in slipped else each.kind)


def draw_topics(language: Language, skills: Sequence[str]) -> list[Control]:
    generator = random.Random(1)  # noqa: S311
    pool = PROMPT.controls[language]
    return draw_controls(pool, generator, counts=TOPICS_DRAWN, topics=skills, avoid=())


@pytest.mark.parametrize("shown", [set[str](), set(RUBRIC.skills)])
def test_no_topic_or_every_topic_fails(shown: set[str]) -> None:
    controls = draw_topics("en", tuple(RUBRIC.skills))
    assert passes_topics(lambda each: {each.topic} - {"none"}, controls)
    assert not passes_topics(lambda _: shown, controls)


# -- pool ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("industry", sorted(RUBRIC.industries))
def test_each_industry_has_controls_of_its_skills(language: Language, industry: str) -> None:
    skills = tuple(RUBRIC.industries[industry].skills or RUBRIC.skills)
    controls = draw_topics(language, skills)
    assert len({each.text for each in controls}) == sum(TOPICS_DRAWN.values())
    assert {each.topic for each in controls if each.group == "skill"} <= set(skills)


def test_draws_differ_and_repeat_with_their_seed() -> None:
    assert draw(seed=1) == draw(seed=1) != draw(seed=2)


def test_a_resume_that_copies_the_pool_gets_as_many_controls() -> None:
    texts = [each.text for each in PROMPT.controls["en"]]
    assert len(draw(avoid=texts)) == sum(KINDS_DRAWN.values())
    assert not {each.text for each in draw(avoid=texts[:3])} & set(texts[:3])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wrong_kind_of_a_control_would_count(language: Language) -> None:
    """Code refuses some wrong labels on its own. A control whose errors it refuses would show nothing."""
    for control in PROMPT.controls[language]:
        if control.group != "skill":
            assert len({labels_as(kind, control.text) for kind in KINDS}) == len(KINDS), control.text


def labels_as(kind: str, text: str) -> tuple[bool, bool]:
    nothing = frozenset[str]()
    claim = Claim(
        action=kind != "duty", amount=False, result=kind == "result", skills=nothing, appeals=nothing
    )
    place = BulletSpan(start=0, end=len(text), glyph="-", entry=0)
    checked = check_claim(read_bullet(text, fold(text), place, RUBRIC), claim)
    return checked.action in ("strong", "plain"), checked.result


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_agree_with_the_labels_of_the_pool(language: Language) -> None:
    """The rules are no authority, but many contradictions would mean that the pool is wrong."""
    right = total = 0
    for control in PROMPT.controls[language]:
        own = rule_labels(control.text)
        if control.group == "skill":
            assert control.topic in own.skills, control.text
            continue
        total += 2
        right += (own.action in ("strong", "plain")) == (control.kind != "duty")
        right += own.result == (control.kind == "result")
        assert holds_number(control.text) == control.has_amount, control.text
        if control.group == "duty":
            assert not own.skills | own.appeals, control.text
    assert right / total > 0.9
