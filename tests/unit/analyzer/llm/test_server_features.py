"""Refusals of a server are remembered for a while, then one call tries the full request again."""

import pytest
from analyzer.llm.client.negotiation import Negotiation
from analyzer.llm.client.refusals import BadRequest
from analyzer.llm.client.server_features import RequestForm, ServerFeatures

STRICTEST = RequestForm(limit=8000)


class FakeClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def features(clock: FakeClock) -> ServerFeatures:
    return ServerFeatures(clock=clock)


def negotiate(features: ServerFeatures) -> Negotiation:
    return Negotiation(features, limit=8000, body={}, attempts=3)


REFUSALS = [
    (BadRequest(400), {"format": "json_object"}),
    (BadRequest(400, "unrecognized argument: seed"), {"seed": False}),
    (BadRequest(400, "unsupported value", "temperature"), {"temperature": False}),
    (BadRequest(422, "unknown field max_completion_tokens"), {"limit_name": "max_tokens"}),
    (BadRequest(400, "max_tokens: at most 4096"), {"limit": 4096}),
]


@pytest.mark.parametrize(("refusal", "changes"), REFUSALS)
def test_refusal_is_remembered_for_fifteen_minutes_and_probed_by_one_call(
    features: ServerFeatures, clock: FakeClock, refusal: BadRequest, changes: dict[str, object]
) -> None:
    first = negotiate(features)
    assert first.form == STRICTEST
    assert first.learn_from(refusal)
    first.accepted()
    needed = first.form
    assert {name: getattr(needed, name) for name in changes} == changes

    clock.now += 14 * 60
    assert negotiate(features).form == needed
    clock.now += 2 * 60
    probe, other = negotiate(features), negotiate(features)
    assert (probe.form, other.form) == (STRICTEST, needed)
    probe.accepted()
    assert negotiate(features).form == STRICTEST


def test_refused_probe_is_remembered_again(features: ServerFeatures, clock: FakeClock) -> None:
    for _ in range(2):
        asked = negotiate(features)
        assert asked.form.format == "json_schema"
        asked.learn_from(BadRequest(400))
        asked.accepted()
        assert negotiate(features).form.format == "json_object"
        clock.now += 16 * 60


def test_only_the_change_that_helped_is_remembered(features: ServerFeatures) -> None:
    asked = negotiate(features)
    while asked.form.seed:
        assert asked.learn_from(BadRequest(400))
    assert asked.form.format == "text"
    asked.accepted()
    assert negotiate(features).form == RequestForm(limit=8000, temperature=False, seed=False)


def test_other_calls_learn_from_a_named_refusal_at_once(features: ServerFeatures) -> None:
    asked = negotiate(features)
    asked.learn_from(BadRequest(400, "seed is not supported"))
    assert not negotiate(features).form.seed


def test_settings_decide_what_they_name(features: ServerFeatures) -> None:
    body = {"temperature": 1, "seed": None, "max_tokens": 900, "response_format": {"type": "json_object"}}
    form = Negotiation(features, limit=8000, body=body).form
    assert form.options(name="q", schema={}, seed=1) == {}
