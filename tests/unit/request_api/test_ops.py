"""What the on-call command understands, and what it shows of a record."""

from argparse import Namespace
from types import SimpleNamespace

import pytest
from chassis.kafka.records import PoisonRecord
from chassis.kafka.safe_errors import reason_of
from contracts.envelope import NotOurEvent, decode, encode
from request_api.ops.__main__ import parse, run
from request_api.ops.command import shown, table
from request_api.ops.letter_reasons import advice
from request_api.ops.letter_shape import MAX_LINES, describe

from tests.support.events import requested, succeeded

ID = "10000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (f"erase {ID} --apply --by robin", "--apply needs --reason"),
        (f"erase {ID} --apply --reason x --by=", "--apply needs --by"),
        (f"erase {ID} --candidate {ID}", "not allowed with"),
        ("erase", "required"),
        ("dead-letters drop a/b:1 --all", "not allowed with"),
        ("dead-letters drop a/b:1 --topic x", "go with --all"),
        ("dead-letters drop --all --reason-matches (", "no regular expression"),
        ("stale --hours 0", "above 0"),
        ("stuck --apply", "unrecognized"),
    ],
)
def test_what_is_not_understood_is_said(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(words.split())
    assert sentence in capsys.readouterr().err


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    assert shown("a\x1b[2J\x9b1m\x07\u202eb\u2066\u2028\r\nc 職 é") == "a?[2J?1m??b????c 職 é"
    rows = table(("reason",), [("\x1b]0;owned\x07",)])
    assert rows == "reason\n?]0;owned?"


def test_an_event_is_shown_without_its_texts() -> None:
    event = requested()
    message = encode(event, source="/resume-review/request-api", traceparent=None)
    lines = list(describe(record(message.value.encode(), dict(message.headers), key=message.key.encode())))
    told = "\n".join(lines)
    assert f"      analysis_id: {event.analysis.analysis_id}" in lines
    assert "      depth: standard" in lines
    assert f"    text: text of {len(event.text)} characters" in lines
    for text in (*event.text.split("\n"), event.analysis.candidate_name, event.analysis.file_name):
        assert text not in told


def test_little_is_shown_of_what_is_large_or_odd() -> None:
    deep = b'{"a":' * 100_000
    assert "value: 500000 bytes" in list(describe(record(deep, {})))
    assert len(list(describe(record(succeeded().model_dump_json().encode(), {})))) <= MAX_LINES + 5
    (*_, last) = describe(record(b"\xffsecret", {"ce_type": "secret", "secret": "secret"}))
    assert last == "not UTF-8 from byte 0 on"
    assert "secret" not in "".join(describe(record(b'"secret"', {"ce_type": "secret", "secret": "secret"})))


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (None, {}),
        (b"{}", {}),
        (b"{}", {"ce_specversion": "1.0", "ce_type": "unknown"}),
        (b"{}", {"ce_specversion": "1.0", "ce_type": "com.resume-review.analysis.pending.v1"}),
    ],
)
def test_every_refusal_of_the_contracts_has_its_advice(value: bytes | None, headers: dict[str, str]) -> None:
    with pytest.raises(NotOurEvent) as refusal:
        decode(value, headers)
    error = PoisonRecord(str(refusal.value))
    error.__cause__ = refusal.value
    assert advice(reason_of(error))


def test_bugs_have_advice_and_foreign_reasons_have_none() -> None:
    assert "bug" in (advice(reason_of(KeyError("x"))) or "")
    assert advice("PoisonRecord: something new") is None
    assert advice("none was written") is None


def record(value: bytes | None, headers: dict[str, str], *, key: bytes | None = None) -> SimpleNamespace:
    pairs = [(name, text.encode()) for name, text in headers.items()]
    return SimpleNamespace(key=key, value=value, headers=pairs)


async def test_a_reader_that_stops_reading_is_not_taken_for_a_broker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def tell(_: Namespace) -> int:
        raise BrokenPipeError

    assert await run(Namespace(command=tell)) == 1
    assert capsys.readouterr().err == "Whoever read this stopped reading.\n"
