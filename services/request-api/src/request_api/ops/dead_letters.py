"""`dead-letters`: commands that list, show, replay and drop dead letters.

A record may hold a resume, and a foreign record may hold it anywhere. The output therefore contains only
the sizes of values, and only keys and headers in the formats of this system.
"""

import re
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from aiokafka import ConsumerRecord
from contracts.envelope import UndecodableEvent, decode
from contracts.topics import CONSUMERS, dead_letter_topic

from request_api.ops.command import DONE, DRY_RUN, Kafka, Refused, audit, counted, shown, table
from request_api.ops.dead_letter_queues import DeadLetterQueues, dead_letter_queues

# The dead letter topics, and the topic that each one belongs to.
_ORIGINS = {dead_letter_topic(topic, group): topic for topic, groups in CONSUMERS.items() for group in groups}
_COLUMNS = ("id", "first seen", "event", "analysis", "attempts", "origin", "value", "reason")
_HEADERS = ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_specversion", "traceparent")
_KNOWN_FORMAT = re.compile(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|com\.resume-review(\.[a-z-]+)+\.v\d+"
    r"|/resume-review/[a-z-]+"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    r"|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"
    r"|\d\.\d"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """The parts of a dead letter that may be shown."""

    id: str
    queue: str
    offset: int
    key: str
    headers: dict[str, str]
    size: str
    reason: str

    @classmethod
    def from_record(cls, record: ConsumerRecord) -> Self:
        """Read a record, without its value and its other headers."""
        headers = {
            name: (value or b"").decode(errors="replace") if name.startswith("dlq_") else _safe(value)
            for name, value in record.headers
            if name in _HEADERS or name.startswith("dlq_")
        }
        omitted = headers.get("dlq_value_omitted")
        return cls(
            id=f"{record.topic}:{record.offset}",
            queue=record.topic,
            offset=record.offset,
            key=_safe(record.key),
            headers=headers,
            size=f"{omitted} bytes (omitted)" if omitted else _size(record.value),
            reason=headers.get("dlq_reason", "none was written"),
        )


async def list_dead_letters(arguments: Namespace) -> int:
    """List all dead letters, or those of a topic."""
    async with dead_letter_queues(Kafka()) as queues:
        found = [dead_letter for queue in _queues(arguments) for dead_letter in await _read(queues, queue)]
    print(table(_COLUMNS, map(_row, found)) if found else "There are no dead letters.")
    return DONE


async def show_dead_letter(arguments: Namespace) -> int:
    """Show the headers of a dead letter, and try to decode it."""
    queue, offset = _place(arguments.id)
    async with dead_letter_queues(Kafka()) as queues:
        records = [record async for record in queues.read(queue, start=offset, end=offset + 1)]
    if not records:
        raise _gone(arguments.id)
    for line in describe(records[0]):
        print(shown(line))
    return DONE


async def handle_dead_letters(arguments: Namespace) -> int:
    """Replay dead letters to the topics that they came from, or drop them."""
    would = "" if arguments.apply else "would "
    async with dead_letter_queues(Kafka()) as queues:
        chosen, others = await _choose(queues, arguments)
        for dead_letter in chosen:
            if arguments.what == "replay" and "dlq_value_omitted" in dead_letter.headers:
                raise Refused(
                    f"{dead_letter.id} cannot be replayed: its value was too large to be kept with it. "
                    "Nothing was changed."
                )
        for dead_letter in chosen:
            print(f"{would}{arguments.what} {dead_letter.id}: {shown(dead_letter.reason)}")
        if others:
            print(
                f"{would}append {counted(others, 'other dead letter')} to the same queue again, with new ids"
            )
        if not chosen:
            print("There is nothing to do.")
        elif not arguments.apply:
            print(DRY_RUN)
        else:
            await _apply(queues, arguments, chosen)
    return DONE


async def _apply(queues: DeadLetterQueues, arguments: Namespace, chosen: list[DeadLetter]) -> None:
    done: list[str] = []
    try:
        for queue in dict.fromkeys(dead_letter.queue for dead_letter in chosen):
            offsets = {dead_letter.offset for dead_letter in chosen if dead_letter.queue == queue}
            replay_to = _ORIGINS[queue] if arguments.what == "replay" else None
            async for offset in queues.take_out(queue, offsets, replay_to=replay_to):
                done += [f"{queue}:{offset}"]
    finally:
        if done:
            audit(arguments, f"dead-letters {arguments.what}", ids=done)
    print(f"{counted(len(done), 'dead letter')} handled.")
    if len(done) < len(chosen):
        raise Refused("The others do not exist any more, because another command handled them. List again.")


async def _choose(queues: DeadLetterQueues, arguments: Namespace) -> tuple[list[DeadLetter], int]:
    """Return the chosen dead letters, and the number of others before the last of them in a queue."""
    named = {f"{queue}:{offset}": queue for queue, offset in map(_place, arguments.ids)}
    searched = _queues(arguments) if arguments.all else dict.fromkeys(named.values())
    found = [dead_letter for queue in searched for dead_letter in await _read(queues, queue)]
    if arguments.all:
        chosen = [dead_letter for dead_letter in found if arguments.reason_matches.search(dead_letter.reason)]
    else:
        chosen = [dead_letter for dead_letter in found if dead_letter.id in named]
        if missing := named.keys() - {dead_letter.id for dead_letter in chosen}:
            raise _gone(min(missing))
    ends = {dead_letter.queue: dead_letter.offset for dead_letter in chosen}
    return chosen, sum(dead_letter.offset <= ends.get(dead_letter.queue, -1) for dead_letter in found) - len(
        chosen
    )


async def _read(queues: DeadLetterQueues, queue: str) -> list[DeadLetter]:
    return [DeadLetter.from_record(record) async for record in queues.read(queue)]


def _queues(arguments: Namespace) -> list[str]:
    return [queue for queue, topic in _ORIGINS.items() if arguments.topic in (None, topic)]


def _place(name: str) -> tuple[str, int]:
    queue, _, offset = name.rpartition(":")
    if queue not in _ORIGINS or not re.fullmatch(r"[0-9]{1,18}", offset):
        raise Refused(f"{name} names no dead letter; names look like {next(iter(_ORIGINS))}:12.")
    return queue, int(offset)


def _gone(name: str) -> Refused:
    return Refused(f"There is no dead letter {name}, or not any more. Nothing was changed.")


def _row(dead_letter: DeadLetter) -> tuple[str, ...]:
    def header(name: str) -> str:
        return dead_letter.headers.get(name, "-")

    return (
        dead_letter.id,
        header("dlq_first_seen")[:19],
        header("ce_type").removeprefix("com.resume-review."),
        dead_letter.key,
        header("dlq_attempts"),
        f"{header('dlq_origin_partition')}:{header('dlq_origin_offset')}",
        dead_letter.size,
        dead_letter.reason,
    )


def describe(record: ConsumerRecord) -> Iterator[str]:
    """Yield lines with the key, the headers, the size and the result of decoding."""
    dead_letter = DeadLetter.from_record(record)
    yield f"key: {dead_letter.key}"
    yield from (f"{name}: {value}" for name, value in dead_letter.headers.items())
    yield f"value: {dead_letter.size}"
    headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
    try:
        event = decode(record.value, headers)
    except UndecodableEvent as error:
        yield f"decoded: no: {error}"
    else:
        yield f"decoded: yes: {event.type}, version {event.version}"


def _safe(value: bytes | None) -> str:
    text = (value or b"").decode(errors="replace")
    return text if _KNOWN_FORMAT.fullmatch(text) else _size(value)


def _size(value: bytes | None) -> str:
    return "none" if value is None else f"{len(value)} bytes"
