"""Arguments and output of the commands for on-call."""

import re
from argparse import Namespace
from types import SimpleNamespace

import pytest
from contracts.envelope import UndecodableEvent, decode, encode
from contracts.topics import ANALYSIS_EVENTS
from local_stack.paths import ROOT
from request_api.ops.__main__ import parse, run
from request_api.ops.command import shown, table
from request_api.ops.dead_letters import describe

from tests.support.events import requested

ID = "10000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (f"erase {ID} --apply --by robin", "--apply needs --reason"),
        (f"erase {ID} --apply --reason x --by=", "--apply needs --by"),
        (f"erase {ID} --candidate {ID}", "not allowed with"),
        ("erase", "required"),
        ("dead-letters drop x:1 --all", "not allowed with"),
        (f"dead-letters drop x:1 --topic {ANALYSIS_EVENTS}", "go with --all"),
        ("dead-letters drop x:1 --reason-matches x", "go with --all"),
        ("dead-letters list --topic x", "invalid choice"),
        ("dead-letters drop --all --reason-matches (", "invalid regular expression"),
        ("stale --hours 0", "above 0"),
        ("stuck --apply", "unrecognized"),
    ],
)
def test_invalid_arguments_are_explained(
    words: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(words.split())
    assert sentence in capsys.readouterr().err


def test_terminal_control_characters_are_replaced() -> None:
    assert shown("a\x1b[2J\x9b1m\x07\u202eb\u2066\u2028\r\nc 職 é") == "a?[2J?1m??b????c 職 é"
    rows = table(("reason",), [("\x1b]0;owned\x07",)])
    assert rows == "reason\n?]0;owned?"


def test_event_is_described_without_its_texts() -> None:
    event = requested()
    message = encode(event, source="/resume-review/request-api", traceparent=None)
    lines = list(describe(record(message.value.encode(), dict(message.headers), key=message.key.encode())))
    output = "\n".join(lines)
    assert f"key: {event.analysis.analysis_id}" in lines
    assert f"ce_type: {event.type}" in lines
    assert f"value: {len(message.value.encode())} bytes" in lines
    assert f"decoded: yes: {event.type}, version {event.version}" in lines
    for text in (*event.text.split("\n"), event.analysis.candidate_name, event.analysis.file_name):
        assert text not in output


@pytest.mark.parametrize(
    "name", ["ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "traceparent", "ce_x"]
)
@pytest.mark.parametrize(
    "text", ["Jane Doe", "com.resume-review.Jane.v1", "2026-01-01T00:00:00Z Jane", "職 Jane"]
)
def test_foreign_record_is_described_without_its_content(name: str, text: str) -> None:
    foreign = record(f'{{"{text}": "{text}"}}'.encode(), {name: text, text: text}, key=text.encode())
    lines = list(describe(foreign))
    assert "Jane" not in "".join(lines)
    assert f"key: {len(text.encode())} bytes" in lines
    assert lines[-1] == "decoded: no: the record is no CloudEvent 1.0 in binary mode"


def test_headers_of_the_consumer_are_shown() -> None:
    headers = {"dlq_reason": "PoisonRecord: bad.", "dlq_value_omitted": "2000001"}
    assert list(describe(record(None, headers))) == [
        "key: none",
        "dlq_reason: PoisonRecord: bad.",
        "dlq_value_omitted: 2000001",
        "value: 2000001 bytes (omitted)",
        "decoded: no: the record has no value",
    ]


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (None, {}),
        (b"{}", {}),
        (b"{}", {"ce_specversion": "1.0", "ce_type": "unknown"}),
        (b"{}", {"ce_specversion": "1.0", "ce_type": "com.resume-review.analysis.pending.v1"}),
    ],
)
def test_every_decoding_error_is_in_the_runbook(value: bytes | None, headers: dict[str, str]) -> None:
    with pytest.raises(UndecodableEvent) as refusal:
        decode(value, headers)
    runbook = (ROOT / "deploy/runbooks/DeadLetters.md").read_text(encoding="utf-8")
    reasons = re.findall(r"^ *\| `(.+?)` \|", runbook, flags=re.MULTILINE)
    assert any(reason in str(refusal.value) for reason in reasons)


def record(value: bytes | None, headers: dict[str, str], *, key: bytes | None = None) -> SimpleNamespace:
    pairs = [(name, text.encode()) for name, text in headers.items()]
    return SimpleNamespace(topic="dead-letters", offset=1, key=key, value=value, headers=pairs)


async def test_closed_pipe_is_not_reported_as_a_kafka_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def tell(_: Namespace) -> int:
        raise BrokenPipeError

    assert await run(Namespace(command=tell)) == 1
    assert capsys.readouterr().err == "The reader of the output closed the pipe.\n"
