"""The evidence of a run as typed rows; the checker reads nothing else.

Each kind of row is a file of JSON lines. Every field is present, and null if it has no value. Times are
seconds of the CLOCK_MONOTONIC of the process that ran the test.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

# The questions of a deep analysis.
QuestionName = Literal["labels", "topics", "writing"]
Depth = Literal["quick", "standard", "deep"]
AnalysisOperation = Literal["submit", "status", "result", "cancel", "delete", "upload", "candidate"]
ExportOperation = Literal["report", "report-pdf", "list-csv", "json-resume", "blind-docx", "blind-pdf"]
JobOperation = Literal["job-create", "job-read", "job-edit", "job-delete"]
OperationName = AnalysisOperation | ExportOperation | JobOperation

# With an unknown or missing field, an invariant might hold only because evidence is missing.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Operation:
    """One finished operation of a client.

    The outcome is `refused` for a 4xx or 5xx response and `unknown` if no response came. A 304 is `ok`, with
    an ETag and without a status. Bodies hold personal data, so only their `digest` is kept. `version` is that
    of a job, and `score` the overall score in a result or on a report page.
    """

    client: int
    op: OperationName
    begun: float
    ended: float
    key: str | None
    analysis_id: str | None
    resume_id: str | None
    candidate_id: str | None
    job_id: str | None
    outcome: Literal["ok", "refused", "unknown"]
    http: int | None
    status: str | None
    has_result: bool | None
    version: int | None
    score: int | None
    etag: str | None
    content_type: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Request:
    """A row of `review_requests` with its details and its key in `idempotency_keys`."""

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
class OutboxRow:
    """A row that was still in an outbox at the end."""

    outbox: str
    ce_id: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class CommittedEvent:
    """An event that was committed to an outbox at any time; `key` is the analysis id."""

    outbox: str
    ce_id: str
    key: str
    type: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Record:
    """A Kafka record.

    `sent_at` is the producer's time in seconds. Only records of the public topic have a `status`, and only
    dead letters have the `dlq_*` fields. `text_canary` is true if the raw value contains a canary.
    """

    topic: str
    partition: int
    offset: int
    sent_at: float
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
    """A killed process; `point` is its failpoint, or None if it was killed from outside."""

    at: float
    service: str
    point: str | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ModelCall:
    """A call that reached the model; `status` is the scripted one.

    `resume` and `analysis` are canaries in its prompt. Only the question about the writing has the latter.
    `seed` tells the calls of an analysis about labels apart.
    """

    at: float
    question: QuestionName
    seed: int
    resume: str
    analysis: str | None
    answered: bool
    status: int


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Canary:
    """A unique string in a resume or request.

    `analysis_id` is None if no analysis was accepted, and `depth` is None for the canary of a resume.
    """

    analysis_id: str | None
    resume_id: str
    canary: str
    depth: Depth | None


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class InjectedRecord:
    """A record that the test itself wrote.

    A `kind` that begins with `duplicate` marks an exact copy of a service's record, and one that begins with
    `poison` a record that has to become a dead letter. Any other kind marks an event that no service wrote.
    """

    topic: str
    ce_id: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class PromiseCheck:
    """A check in a new database session of what a 2xx response promised to a client.

    `subject` is the id of the row, `promised_status` the status in the response, or the version of a job, and
    `answered` the time of the response. `found` is the status of the row, the versions of a job or "present",
    and None if there is no row. Each promise is checked soon after the response and again at the end of the
    run (`at_end`).
    """

    op: str
    subject: str
    promised_status: str | None
    answered: float
    begun: float
    ended: float
    found: str | None
    at_end: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class IdleSession:
    """A database session that had been idle in transaction for `seconds` at the time `at`."""

    at: float
    pid: int
    application: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Progress:
    """A sample of one consumer group, taken only while Kafka and PostgreSQL answer.

    `ready` is true if any instance of the service is ready. `committed` and `end` are sums over the
    partitions. `effects` changes whenever the group writes something. `patience` is the longest a job may
    take, in seconds.
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
    """A period in which a part of the system was stopped with SIGSTOP."""

    target: str
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Meta:
    """Times, limits and health of a run.

    `drained` is the time at which no work was left, or None. `drain_limit` counts seconds from the end of the
    faults. `deadline` counts seconds from the later of that and the acceptance of an analysis.
    """

    faults_ended: float
    drained: float | None
    drain_limit: float
    deadline: float
    health: Mapping[str, bool]
    model_retries: int
    in_flight_at_kills: int


# Committed offsets by group, topic and partition.
Offsets = Mapping[str, Mapping[str, Mapping[int, int]]]
# First offset and end offset by topic and partition.
Ends = Mapping[str, Mapping[int, tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Evidence:
    """All evidence of a run; `logs` is by file name."""

    history: tuple[Operation, ...]
    requests: tuple[Request, ...]
    views: tuple[View, ...]
    results: tuple[Result, ...]
    outbox: tuple[OutboxRow, ...]
    committed: tuple[CommittedEvent, ...]
    records: tuple[Record, ...]
    offsets: Offsets
    ends: Ends
    kills: tuple[Kill, ...]
    model: tuple[ModelCall, ...]
    canaries: tuple[Canary, ...]
    injected: tuple[InjectedRecord, ...]
    readings: tuple[PromiseCheck, ...]
    sessions: tuple[IdleSession, ...]
    progress: tuple[Progress, ...]
    pauses: tuple[Pause, ...]
    logs: Mapping[str, str]
    meta: Meta
