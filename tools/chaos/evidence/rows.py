"""What a run left behind, as typed rows: the checker reads this and nothing else.

A folder of JSON lines, one file a kind of row; every field is written, null where there is nothing. Times
are CLOCK_MONOTONIC seconds of the process that ran the test.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

# An unknown or missing field would make an invariant hold for want of evidence.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Operation:
    """One finished operation of a client.

    `refused`: an answer of 4xx or 5xx came; `unknown`: none came. A 304 is `ok`, with its ETag and no status.
    """

    client: int
    op: Literal["submit", "status", "result", "cancel", "delete", "upload", "candidate"]
    begun: float
    ended: float
    key: str | None
    analysis_id: str | None
    resume_id: str | None
    candidate_id: str | None
    outcome: Literal["ok", "refused", "unknown"]
    http: int | None
    status: str | None
    has_result: bool | None
    etag: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Request:
    """A row of `review_requests` with its details, and the key that `idempotency_keys` has for it."""

    id: str
    resume_id: str
    status: str
    detail_status: str
    version: int
    failure_code: str | None
    cancel_requested: bool
    idempotency_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class View:
    """A row of `analysis_views`."""

    analysis_id: str
    status: str
    version: int
    failure_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Result:
    """A row of `review_results`."""

    id: str
    review_request_id: str
    overall_score: int | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Waiting:
    """A row that an outbox still held at the end."""

    outbox: str
    ce_id: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Committed:
    """A row that was ever committed to an outbox; `key` is the analysis id."""

    outbox: str
    ce_id: str
    key: str
    type: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Record:
    """A record of Kafka. `status` is None but on the public topic, `dlq_*` but on dead letters.

    `text_canary` says whether any canary stands in its raw value.
    """

    topic: str
    partition: int
    offset: int
    key: str | None
    ce_id: str | None
    type: str | None
    version: int | None
    status: str | None
    dlq_reason: str | None
    dlq_origin: tuple[str, int, int] | None
    analysis_id: str | None
    text_canary: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Kill:
    """A process that was killed; `point` names its failpoint, None where it was killed from outside."""

    at: float
    service: str
    point: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ModelCall:
    """A call that reached the model; `analysis` is the canary of its resume, `status` as scripted."""

    at: float
    analysis: str
    answered: bool
    status: int


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Canary:
    """A string in the text of the resume of an analysis; `analysis_id` is None where none was accepted."""

    analysis_id: str | None
    resume_id: str
    canary: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Injected:
    """A record that the test itself wrote.

    A `kind` that begins with `duplicate` is an untouched copy of what a service wrote, one that begins with
    `poison` has to end as a dead letter; any other says something of its own.
    """

    topic: str
    ce_id: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Reading:
    """One look of a new database session for what a client was told in a 2xx.

    `subject` is the id of the row, and `told` the status where a status was read. `answered` is when the
    client had its answer. `found` is the status of the row, or "present"; None where there is no such row.
    Each promise is read soon after its answer, and once more at the end of the run (`at_end`).
    """

    op: str
    subject: str
    told: str | None
    answered: float
    begun: float
    ended: float
    found: str | None
    at_end: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Session:
    """A database session that was seen idle in transaction, by then for so many `seconds`."""

    at: float
    pid: int
    application: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Progress:
    """A sample of one consumer group; there is none while Kafka or PostgreSQL does not answer.

    `ready` says whether any instance of its service is. `committed` and `end` are sums over its partitions.
    `effects` changes with whatever the group writes. `patience` is how long its slowest job may take.
    """

    at: float
    group: str
    ready: bool
    committed: int
    end: int
    effects: str
    patience: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Pause:
    """A time in which a part of the system was stopped (SIGSTOP)."""

    target: str
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Meta:
    """The frame of the run.

    `drained` is when all was seen to be drained, None where it never was; `drain_limit` and `deadline` are
    seconds, the one from the end of the faults on, the other from acceptance or that, whichever is later.
    """

    faults_ended: float
    drained: float | None
    drain_limit: float
    deadline: float
    health: Mapping[str, bool]
    model_retries: int
    in_flight_at_kills: int


# By group, topic and partition.
Offsets = Mapping[str, Mapping[str, Mapping[int, int]]]
# By topic and partition: the first offset, and the one behind the last.
Ends = Mapping[str, Mapping[int, tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Evidence:
    """All of it; `logs` by the names of their files."""

    history: tuple[Operation, ...]
    requests: tuple[Request, ...]
    views: tuple[View, ...]
    results: tuple[Result, ...]
    outbox: tuple[Waiting, ...]
    committed: tuple[Committed, ...]
    records: tuple[Record, ...]
    offsets: Offsets
    ends: Ends
    kills: tuple[Kill, ...]
    model: tuple[ModelCall, ...]
    canaries: tuple[Canary, ...]
    injected: tuple[Injected, ...]
    readings: tuple[Reading, ...]
    sessions: tuple[Session, ...]
    progress: tuple[Progress, ...]
    pauses: tuple[Pause, ...]
    logs: Mapping[str, str]
    meta: Meta


class BadEvidence(ValueError):
    """A file is not what the checker reads; the message names it and its line."""


Row = TypeVar("Row")


def load(folder: Path) -> Evidence:
    """Read a folder. Raises BadEvidence, and FileNotFoundError where a file is missing."""
    return Evidence(
        history=tuple(_rows(folder / "history.jsonl", Operation)),
        requests=tuple(_rows(folder / "requests.jsonl", Request)),
        views=tuple(_rows(folder / "views.jsonl", View)),
        results=tuple(_rows(folder / "results.jsonl", Result)),
        outbox=tuple(_rows(folder / "outbox.jsonl", Waiting)),
        committed=tuple(_rows(folder / "committed.jsonl", Committed)),
        records=tuple(_rows(folder / "records.jsonl", Record)),
        offsets=_document(folder / "offsets.json", TypeAdapter(Offsets)),
        ends=_document(folder / "ends.json", TypeAdapter(Ends)),
        kills=tuple(_rows(folder / "kills.jsonl", Kill)),
        model=tuple(_rows(folder / "model.jsonl", ModelCall)),
        canaries=tuple(_rows(folder / "canaries.jsonl", Canary)),
        injected=tuple(_rows(folder / "injected.jsonl", Injected)),
        readings=tuple(_rows(folder / "readings.jsonl", Reading)),
        sessions=tuple(_rows(folder / "sessions.jsonl", Session)),
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
                raise BadEvidence(f"{path.name}, line {number}: {_said(error)}") from error


def _document(path: Path, adapter: TypeAdapter[Row]) -> Row:
    try:
        return adapter.validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadEvidence(f"{path.name}: {_said(error)}") from error


def _said(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
