"""Output that is no JSON must not hold up the event loop, and brackets in prose must not hide an answer."""

import json
import time

import pytest
from analyzer.llm.prompting.json_output import MalformedOutput, parse_output
from pydantic import BaseModel


class Entry(BaseModel):
    id: int
    level: int


class Entries(BaseModel):
    entries: tuple[Entry, ...]


ANSWER = json.dumps({"entries": [{"id": 1, "level": 2}]})
MANY = '{"id": 1, "level": 2},' * 7_500

DEGENERATE = {
    "cut list behind brackets": "[" * 900 + MANY,
    "cut list behind keys": '{"a":' * 900 + "[" + MANY,
    "contradiction at the end": "[1," * 900 + MANY + '{"a":1,"a":2}' + "]" * 900,
    "brackets only": "[" * 190_000,
    "brackets in prose": "x\n" * 80_000 + "[a " * 10_000,
    "open text behind brackets": "[" * 900 + '"' + "x" * 190_000,
    "reasoning before a cut list": "<think>[</think>" + "[" * 900 + MANY,
}


@pytest.mark.parametrize("content", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_output_takes_a_fraction_of_a_second(content: str) -> None:
    started = time.process_time()
    with pytest.raises(MalformedOutput):
        parse_output(content, Entries)
    # It took 5 s without the limits, and takes less than 0.1 s with them.
    assert time.process_time() - started < 1


PROSE = {
    "labels of each bullet": "Bullet 1: [action, amount], set {a}.\n" * 77,
    "a draft that was cut": '{"entries": [{"id": 1, "level": 0}, {"id": ',
    "a draft that contradicts itself": '{"id": 1, "id": 2} ' * 20,
    "many values": "[1] {} [2] " * 500,
    "a long draft": '{"entries": [' + MANY[:100_000] + " and so on. ",
}


@pytest.mark.parametrize("prose", PROSE.values(), ids=PROSE)
def test_answer_behind_brackets_is_found(prose: str) -> None:
    assert parse_output(f"{prose}\n{ANSWER}", Entries).entries == (Entry(id=1, level=2),)
