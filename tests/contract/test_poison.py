"""Undecodable records are rejected, and the error contains none of their content."""

import json
import traceback

import pytest
from contract_tools.golden import golden_files
from contracts.envelope import UndecodableEvent, decode
from contracts.events import AnalysisRequested

CANARY = "Robin Secret, 1 Canary Street"
GOLDEN = next(golden_files(AnalysisRequested.type))
HEADERS = GOLDEN.headers


def golden_value(**fields: object) -> str:
    return json.dumps({**GOLDEN.value, "text": CANARY, **fields})


POISON = {
    "tombstone": (None, HEADERS),
    "empty": (b"", HEADERS),
    "not json": (f'{{"text": "{CANARY}'.encode(), HEADERS),
    "not utf-8": (CANARY.encode() + b"\xff", HEADERS),
    "a JSON string": (json.dumps(CANARY), HEADERS),
    "a JSON array": (json.dumps([CANARY]), HEADERS),
    "lone surrogate": (golden_value().replace("Secret", "\\ud800"), HEADERS),
    "nested too deeply": ("[" * 100_000 + CANARY, HEADERS),
    "field missing": (json.dumps({"version": 1, "text": CANARY}), HEADERS),
    "text in place of a number": (golden_value(version=CANARY), HEADERS),
    "version zero": (golden_value(version=0), HEADERS),
    "text too long": (golden_value(text=CANARY * 10_000), HEADERS),
    "unknown enumeration value": (
        golden_value(analysis={**GOLDEN.value["analysis"], "depth": CANARY}),
        HEADERS,
    ),
    "time without offset": (
        golden_value(analysis={**GOLDEN.value["analysis"], "requested_at": "2026-11-20T09:30:15"}),
        HEADERS,
    ),
    "content as a field name": (json.dumps({CANARY: 1}), HEADERS),
    "no headers": (golden_value(), {}),
    "no type": (golden_value(), {name: value for name, value in HEADERS.items() if name != "ce_type"}),
    "no specversion": (
        golden_value(),
        {name: value for name, value in HEADERS.items() if name != "ce_specversion"},
    ),
    "other specversion": (golden_value(), {**HEADERS, "ce_specversion": "0.3"}),
    "other type": (golden_value(), {**HEADERS, "ce_type": f"com.example.{CANARY}"}),
    "unknown major version": (
        golden_value(),
        {**HEADERS, "ce_type": AnalysisRequested.type.replace(".v1", ".v2")},
    ),
    "another event's type": (
        json.dumps({**GOLDEN.value, "analysis": CANARY}),
        {**HEADERS, "ce_type": "com.resume-review.analysis.erased.v1"},
    ),
}


@pytest.mark.parametrize("kind", POISON)
def test_undecodable_record_is_rejected_without_quoting_it(kind: str) -> None:
    value, headers = POISON[kind]
    with pytest.raises(UndecodableEvent) as caught:
        decode(value, headers)
    printed = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
    assert not any(word in printed for word in ("Robin", "Secret", "Canary"))
    assert 10 < len(str(caught.value)) < 400


def test_error_names_the_invalid_fields() -> None:
    with pytest.raises(UndecodableEvent, match=r"requested\.v1 does not fit at: analysis\.depth, version$"):
        decode(golden_value(version=0, analysis={**GOLDEN.value["analysis"], "depth": CANARY}), HEADERS)
    with pytest.raises(UndecodableEvent, match=r"requested\.v1 does not fit at: the value$"):
        decode(b"{", HEADERS)
