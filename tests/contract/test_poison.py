"""What is none of our events says so, without a word of what it holds."""

import json
import traceback

import pytest
from contract_tools.golden import golden_files
from contracts.envelope import UndecodableEvent, decode
from contracts.events import AnalysisRequested

CANARY = "Robin Secret, 1 Canary Street"
GOLDEN = next(golden_files(AnalysisRequested.type))
HEADERS = GOLDEN.headers


def changed(**fields: object) -> str:
    return json.dumps({**GOLDEN.value, "text": CANARY, **fields})


POISON = {
    "tombstone": (None, HEADERS),
    "empty": (b"", HEADERS),
    "not json": (f'{{"text": "{CANARY}'.encode(), HEADERS),
    "not utf-8": (CANARY.encode() + b"\xff", HEADERS),
    "a text": (json.dumps(CANARY), HEADERS),
    "a list": (json.dumps([CANARY]), HEADERS),
    "half a surrogate": (changed().replace("Secret", "\\ud800"), HEADERS),
    "too deep": ("[" * 100_000 + CANARY, HEADERS),
    "field missing": (json.dumps({"version": 1, "text": CANARY}), HEADERS),
    "text in place of a number": (changed(version=CANARY), HEADERS),
    "version zero": (changed(version=0), HEADERS),
    "text too long": (changed(text=CANARY * 10_000), HEADERS),
    "unknown word": (changed(analysis={**GOLDEN.value["analysis"], "depth": CANARY}), HEADERS),
    "time without offset": (
        changed(analysis={**GOLDEN.value["analysis"], "requested_at": "2026-11-20T09:30:15"}),
        HEADERS,
    ),
    "content in the name of a field": (json.dumps({CANARY: 1}), HEADERS),
    "no headers": (changed(), {}),
    "no type": (changed(), {name: value for name, value in HEADERS.items() if name != "ce_type"}),
    "no specversion": (
        changed(),
        {name: value for name, value in HEADERS.items() if name != "ce_specversion"},
    ),
    "other specversion": (changed(), {**HEADERS, "ce_specversion": "0.3"}),
    "other type": (changed(), {**HEADERS, "ce_type": f"com.example.{CANARY}"}),
    "major version to come": (
        changed(),
        {**HEADERS, "ce_type": AnalysisRequested.type.replace(".v1", ".v2")},
    ),
    "another event's type": (
        json.dumps({**GOLDEN.value, "analysis": CANARY}),
        {**HEADERS, "ce_type": "com.resume-review.analysis.erased.v1"},
    ),
}


@pytest.mark.parametrize("kind", POISON)
def test_poison_is_told_apart_and_stays_private(kind: str) -> None:
    value, headers = POISON[kind]
    with pytest.raises(UndecodableEvent) as caught:
        decode(value, headers)
    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert not any(word in said for word in ("Robin", "Secret", "Canary"))
    assert 10 < len(str(caught.value)) < 400


def test_the_place_is_named() -> None:
    with pytest.raises(UndecodableEvent, match=r"requested\.v1 does not fit at: analysis\.depth, version$"):
        decode(changed(version=0, analysis={**GOLDEN.value["analysis"], "depth": CANARY}), HEADERS)
    with pytest.raises(UndecodableEvent, match=r"requested\.v1 does not fit at: the value$"):
        decode(b"{", HEADERS)
