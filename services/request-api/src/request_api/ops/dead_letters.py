"""`dead-letters`: list, show, replay, drop."""

from argparse import Namespace
from collections import defaultdict

from aiokafka import ConsumerRecord
from chassis.kafka.dead_letter_desk import DeadLetter, DeadLetterDesk, LetterGone
from chassis.kafka.handled import TooManyGaps

from request_api.ops.command import DONE, DRY_RUN, Kafka, Refused, audit, counted, shown, table
from request_api.ops.letter_names import Box, boxes, place, short
from request_api.ops.letter_reasons import advice
from request_api.ops.letter_shape import describe, event_type, identifier

GROUP = "on-call"

_HEADS = ("id", "first seen", "event", "analysis", "attempts", "origin", "bytes", "reason")


def _desk() -> DeadLetterDesk:
    settings = Kafka()
    return DeadLetterDesk(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        security=settings.kafka_security(),
        group_id=GROUP,
        client_id="request-api-ops",
        keep_headers=("ce_type", "ce_subject"),
    )


async def list_letters(arguments: Namespace) -> int:
    """The unhandled ones, or with `all` also those handled that are still there."""
    async with _desk() as desk:
        found = [
            (box, letter)
            for box in boxes(arguments.topic)
            async for letter in desk.letters(box.dead_letter_topic)
            if arguments.all or not letter.is_handled
        ]
    if not found:
        print("There are no dead letters." if arguments.all else "There are no unhandled dead letters.")
        return DONE
    print(table(_HEADS, (_row(box, letter) for box, letter in found)))
    for reason in dict.fromkeys(_reason(letter) for _, letter in found):
        print(f"\n{shown(reason)}\n  {advice(reason) or 'Not known here: show the letter.'}")
    return DONE


async def show_letter(arguments: Namespace) -> int:
    """One letter, without what it says."""
    box, offset = place(arguments.id)
    async with _desk() as desk:
        letter, raw = await _read(desk, box, offset)
    print(f"{arguments.id}: {'handled' if letter.is_handled else 'not handled'}")
    for line in describe(raw):
        print(shown(line))
    if letter.is_value_omitted:
        print("Its value was too large for the dead letters; its origin has it until its retention ends.")
    return DONE


async def replay_letters(arguments: Namespace) -> int:
    """Send back to their topics, then mark as handled."""
    async with _desk() as desk:
        chosen = await _chosen(desk, arguments)
        for box, letter in chosen:
            if letter.is_value_omitted:
                raise Refused(
                    f"{_name(box, letter)} cannot be replayed: its value was too large to be kept with it. "
                    "Nothing was changed."
                )
        for box, letter in chosen:
            print(f"{_would(arguments, 'replay')} {_name(box, letter)} to {box.topic}")
        return await _handle(desk, arguments, chosen, what="dead-letters replay", is_replay=True)


async def drop_letters(arguments: Namespace) -> int:
    """Mark as handled."""
    async with _desk() as desk:
        chosen = await _chosen(desk, arguments)
        for box, letter in chosen:
            print(f"{_would(arguments, 'drop')} {_name(box, letter)}: {shown(_reason(letter))}")
        return await _handle(desk, arguments, chosen, what="dead-letters drop", is_replay=False)


async def _chosen(desk: DeadLetterDesk, arguments: Namespace) -> list[tuple[Box, DeadLetter]]:
    """The unhandled letters that are named, or all that match. Raises Refused."""
    if not arguments.all:
        named = [place(name) for name in dict.fromkeys(arguments.ids)]
        letters = [(box, (await _read(desk, box, offset))[0]) for box, offset in named]
        for box, letter in letters:
            if letter.is_handled:
                raise Refused(f"{_name(box, letter)} was handled before. Nothing was changed.")
        return letters
    return [
        (box, letter)
        for box in boxes(arguments.topic)
        async for letter in desk.letters(box.dead_letter_topic)
        if not letter.is_handled and arguments.reason_matches.search(_reason(letter))
    ]


async def _handle(
    desk: DeadLetterDesk,
    arguments: Namespace,
    chosen: list[tuple[Box, DeadLetter]],
    *,
    what: str,
    is_replay: bool,
) -> int:
    if not chosen:
        print("There is nothing to do.")
        return DONE
    if not arguments.apply:
        print(DRY_RUN)
        return DONE
    offsets: dict[Box, list[int]] = defaultdict(list)
    for box, letter in chosen:
        offsets[box].append(letter.offset)
    done: list[str] = []
    try:
        for box, several in offsets.items():
            for offset in several if is_replay else ():
                await desk.replay(box.dead_letter_topic, offset, to=box.topic)
                done.append(f"{box.name}:{offset}")
            await desk.mark_handled(box.dead_letter_topic, several)
            done += [f"{box.name}:{offset}" for offset in several if not is_replay]
    except TooManyGaps as error:
        raise Refused(f"They cannot be marked as handled: {error}.") from None
    finally:
        if done:
            audit(arguments, what, ids=done)
    print(f"{counted(len(done), 'letter')} handled.")
    return DONE


async def _read(desk: DeadLetterDesk, box: Box, offset: int) -> tuple[DeadLetter, ConsumerRecord]:
    try:
        return await desk.read(box.dead_letter_topic, offset)
    except LetterGone:
        raise Refused(f"There is no dead letter {box.name}:{offset}, or not any more.") from None


def _row(box: Box, letter: DeadLetter) -> tuple[object, ...]:
    headers = letter.headers
    omitted = " (omitted)" if letter.is_value_omitted else ""
    return (
        _name(box, letter) + (" (handled)" if letter.is_handled else ""),
        headers.get("dlq_first_seen", "-")[:19],
        event_type(dict(headers)),
        identifier(letter.key) or identifier(headers.get("ce_subject", "").encode()) or "-",
        headers.get("dlq_attempts", "-"),
        ":".join(
            (
                short(headers.get("dlq_origin_topic", "-")),
                headers.get("dlq_origin_partition", "-"),
                headers.get("dlq_origin_offset", "-"),
            )
        ),
        "none" if letter.value_bytes is None else f"{letter.value_bytes}{omitted}",
        _reason(letter),
    )


def _name(box: Box, letter: DeadLetter) -> str:
    return f"{box.name}:{letter.offset}"


def _reason(letter: DeadLetter) -> str:
    return letter.headers.get("dlq_reason", "none was written")


def _would(arguments: Namespace, verb: str) -> str:
    return verb if arguments.apply else f"would {verb}"
