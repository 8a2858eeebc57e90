"""Reads and validates the evidence of a run from its folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from tools.chaos.evidence.rows import (
    Canary,
    CommittedEvent,
    Ends,
    Evidence,
    IdleSession,
    InjectedRecord,
    Kill,
    Meta,
    ModelCall,
    Offsets,
    Operation,
    OutboxRow,
    Pause,
    Progress,
    PromiseCheck,
    Record,
    Request,
    Result,
    View,
)


class BadEvidence(ValueError):
    """A file is invalid; the message names the file and the line."""


Row = TypeVar("Row")


def load(folder: Path) -> Evidence:
    """Read the evidence in a folder.

    Raises:
        BadEvidence: A file is invalid.
        FileNotFoundError: A file is missing.
    """
    return Evidence(
        history=tuple(_rows(folder / "history.jsonl", Operation)),
        requests=tuple(_rows(folder / "requests.jsonl", Request)),
        views=tuple(_rows(folder / "views.jsonl", View)),
        results=tuple(_rows(folder / "results.jsonl", Result)),
        outbox=tuple(_rows(folder / "outbox.jsonl", OutboxRow)),
        committed=tuple(_rows(folder / "committed.jsonl", CommittedEvent)),
        records=tuple(_rows(folder / "records.jsonl", Record)),
        offsets=_document(folder / "offsets.json", TypeAdapter(Offsets)),
        ends=_document(folder / "ends.json", TypeAdapter(Ends)),
        kills=tuple(_rows(folder / "kills.jsonl", Kill)),
        model=tuple(_rows(folder / "model.jsonl", ModelCall)),
        canaries=tuple(_rows(folder / "canaries.jsonl", Canary)),
        injected=tuple(_rows(folder / "injected.jsonl", InjectedRecord)),
        readings=tuple(_rows(folder / "readings.jsonl", PromiseCheck)),
        sessions=tuple(_rows(folder / "sessions.jsonl", IdleSession)),
        progress=tuple(_rows(folder / "progress.jsonl", Progress)),
        pauses=tuple(_rows(folder / "pauses.jsonl", Pause)),
        logs={path.name: path.read_text(errors="replace") for path in sorted(folder.glob("logs/*.log"))},
        meta=_document(folder / "meta.json", TypeAdapter(Meta)),
    )


def _rows(path: Path, kind: type[Row]) -> Iterator[Row]:
    adapter = TypeAdapter(kind)
    with path.open() as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield adapter.validate_json(line)
            except ValidationError as error:
                raise BadEvidence(f"{path.name}, line {number}: {_describe(error)}") from error


def _document(path: Path, adapter: TypeAdapter[Row]) -> Row:
    try:
        return adapter.validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadEvidence(f"{path.name}: {_describe(error)}") from error


def _describe(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
