"""Broken builds: patches that each break one promise of the product, to test the checker."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pkgutil import resolve_name
from typing import Any, Final
from uuid import UUID, uuid4

from chassis.telemetry.logs import get_logger
from contracts.events import PublicEvent
from contracts.vocabulary import AnalysisStatus

from tools.chaos.broken_builds.transactions import hold_a_transaction, lose_commits, swallow_commits


class Fault(Enum):
    """The fault that makes the breach visible."""

    NONE = auto()
    KILL = auto()
    """The service is killed in the middle of the load."""
    REDELIVER = auto()
    """Every record is delivered to every group again."""
    ERASE_AND_REDELIVER = auto()
    """A resume is deleted, then every record is delivered again."""
    STALL = auto()
    """PostgreSQL is paused in the middle of the load, longer than a statement may take."""
    STALL_THEN_LOAD = auto()
    """The same pause; the load then continues for longer than a service may make no progress."""
    WAIT = auto()
    """The system runs for longer than a transaction may idle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A patch of one service, and the `invariants` that the checker has to report, among others.

    The service dies at the failpoint `point`; `sql` changes its database first.
    """

    service: str
    invariants: frozenset[str]
    patch: Callable[[], None]
    fault: Fault = Fault.NONE
    point: str | None = None
    sql: str | None = None


def apply(name: str) -> None:
    """Patch the current process."""
    BUILDS[name].patch()


def _wrap(place: str, wrap: Callable[[Any], Any]) -> None:
    """Wrap a function; `place` is like `package.module:Class.method`."""
    owner, _, name = place.rpartition(".") if "." in place.partition(":")[2] else place.rpartition(":")
    target = resolve_name(owner)
    setattr(target, name, wrap(getattr(target, name)))


def _acknowledge_first() -> None:
    def wrap(consume: Any) -> Any:
        running: set[asyncio.Task[None]] = set()

        async def wrapped(subscriber: Any, message: Any) -> None:
            task = asyncio.create_task(consume(subscriber, message))
            running.add(task)
            task.add_done_callback(running.discard)

        return wrapped

    _wrap("chassis.messaging.consuming.concurrent:ConcurrentSubscriber._consume", wrap)


def _commit_past_open_jobs() -> None:
    def wrap(commit: Any) -> Any:
        async def wrapped(consumer: Any, _offsets: Any = None) -> None:
            await commit(consumer)

        return wrapped

    _wrap("aiokafka:AIOKafkaConsumer.commit", wrap)


def _relay_deletes_before_it_sends() -> None:
    def wrap(oldest: Any) -> Any:
        async def wrapped(relay: Any, connection: Any) -> Any:
            messages = await oldest(relay, connection)
            seqs = [message.seq for message in messages]
            await connection.execute(f"DELETE FROM {relay._table} WHERE seq = ANY($1)", seqs)  # noqa: S608 - our own table
            if messages:
                # The kill comes during this pause.
                await asyncio.sleep(0.5)
            return messages

        return wrapped

    _wrap("chassis.messaging.relay:OutboxRelay._next_batch", wrap)


def _relay_invents() -> None:
    def wrap(oldest: Any) -> Any:
        async def wrapped(relay: Any, connection: Any) -> Any:
            messages = await oldest(relay, connection)
            invented = [replace(m, headers={**m.headers, "ce_id": str(uuid4())}) for m in messages[:1]]
            return messages + invented

        return wrapped

    _wrap("chassis.messaging.relay:OutboxRelay._next_batch", wrap)


def _relay_reorders() -> None:
    def wrap(oldest: Any) -> Any:
        async def wrapped(relay: Any, connection: Any) -> Any:
            # By then, a batch has several events of an analysis.
            await asyncio.sleep(0.4)
            return (await oldest(relay, connection))[::-1]

        return wrapped

    _wrap("chassis.messaging.relay:OutboxRelay._next_batch", wrap)


def _every_result_counts() -> None:
    _allow(AnalysisStatus.COMPLETED, after=AnalysisStatus.COMPLETED)


def _started_anew() -> None:
    _allow(AnalysisStatus.PROCESSING, after=AnalysisStatus.COMPLETED)


def _erased_revives() -> None:
    _allow(AnalysisStatus.COMPLETED, after=AnalysisStatus.ERASED)

    def wrap(apply_change: Any) -> Any:
        revived: set[UUID] = set()

        def wrapped(analysis: Any, change: Any) -> Any:
            # The erasure is also delivered again, possibly after the result.
            changed = None if analysis.analysis_id in revived else apply_change(analysis, change)
            if analysis.status is AnalysisStatus.ERASED and changed is not None:
                revived.add(analysis.analysis_id)
            return changed

        return wrapped

    _wrap("results_api.domain.analysis:Analysis.apply", wrap)


def _allow(status: AnalysisStatus, *, after: AnalysisStatus) -> None:
    """Allow a status after a final one."""

    def wrap(next_status: Any) -> Any:
        def wrapped(current: AnalysisStatus, reported: AnalysisStatus) -> AnalysisStatus | None:
            is_allowed = (current, reported) == (after, status)
            changed: AnalysisStatus | None = status if is_allowed else next_status(current, reported)
            return changed

        return wrapped

    _wrap("results_api.domain.analysis:next_status", wrap)
    _wrap("results_api.commands.record_events:public_event", _with_valid_version)


def _with_valid_version(public_event: Any) -> Any:
    """Restart at version 1 beyond the highest version of an event, which the outbox would refuse."""
    bounds = {AnalysisStatus.PROCESSING: 2, AnalysisStatus.COMPLETED: 3}

    def wrapped(context: Any, change: Any, *, version: int) -> PublicEvent:
        is_beyond = version > bounds.get(change.status, version)
        event: PublicEvent = public_event(context, change, version=1 if is_beyond else version)
        return event

    return wrapped


def _accepts_without_storing() -> None:
    def wrap(submit: Any) -> Any:
        calls = itertools.count(1)

        async def wrapped(*arguments: Any, **named: Any) -> UUID:
            return uuid4() if next(calls) % 4 == 0 else await submit(*arguments, **named)

        return wrapped

    _wrap("request_api.commands.submit_analysis:SubmitAnalysis.__call__", wrap)


def _forgets_keys() -> None:
    def wrap(_: Any) -> Any:
        async def wrapped(*_: Any) -> None:
            return None

        return wrapped

    _wrap("request_api.storage.idempotency_keys:IdempotencyKeys.remember", wrap)


def _completed_before_its_result() -> None:
    def wrap(status: Any) -> Any:
        seen: set[UUID] = set()

        def wrapped(presenter: Any, details: Any) -> Any:
            analysis_id = details.analysis.analysis_id
            if analysis_id not in seen and details.result is not None:
                seen.add(analysis_id)
                details = replace(details, result=None)
            return status(presenter, details)

        return wrapped

    _wrap("results_api.http.responses:Presenter.status", wrap)


def _forgets_answers() -> None:
    def wrap(_: Any) -> Any:
        async def wrapped(*_: Any, **__: Any) -> None:
            return None

        return wrapped

    _wrap("analyzer.llm.client.response_cache:ResponseCache.get", wrap)


def _logs_a_resume() -> None:
    def wrap(analyze: Any) -> Any:
        async def wrapped(analysis: Any, requested: Any) -> None:
            get_logger(__name__).info("analysing", text=requested.text)
            await analyze(analysis, requested)

        return wrapped

    _wrap("analyzer.pipeline.analyze_resume:AnalyzeResume.__call__", wrap)


def _hangs() -> None:
    def wrap(analyze: Any) -> Any:
        calls = itertools.count(1)

        async def wrapped(analysis: Any, requested: Any) -> None:
            if next(calls) % 5 == 0:
                await asyncio.Event().wait()
            await analyze(analysis, requested)

        return wrapped

    _wrap("analyzer.pipeline.analyze_resume:AnalyzeResume.__call__", wrap)


def _idles_in_transaction() -> None:
    def wrap(submit: Any) -> Any:
        calls = itertools.count(1)

        async def wrapped(*arguments: Any, **named: Any) -> Any:
            if next(calls) == 1:
                hold_a_transaction("REQUEST_API_DATABASE_URL")
            return await submit(*arguments, **named)

        return wrapped

    _wrap("request_api.commands.submit_analysis:SubmitAnalysis.__call__", wrap)


def _keeps_no_version_of_a_job() -> None:
    def wrap(_: Any) -> Any:
        async def wrapped(*_: Any) -> None:
            return None

        return wrapped

    _wrap("request_api.storage.jobs:Jobs._add_version", wrap)


def _shows_another_score() -> None:
    def wrap(build: Any) -> Any:
        def wrapped(view: Any, result: Any, *arguments: Any, **named: Any) -> Any:
            return build(view, replace(result, overall_score=1), *arguments, **named)

        return wrapped

    _wrap("results_api.http.report:build_page", wrap)


def _build(service: str, invariants: str, patch: Callable[[], None], **more: Any) -> Build:
    return Build(service=service, invariants=frozenset(invariants.split()), patch=patch, **more)


BUILDS: Final = {
    "acknowledge-first": _build("analyzer", "I1 I7 I9", _acknowledge_first, fault=Fault.KILL),
    "commit-past-open-jobs": _build("analyzer", "I1 I7 I9", _commit_past_open_jobs, fault=Fault.KILL),
    "relay-deletes-before-it-sends": _build(
        "request-api", "I1 I5", _relay_deletes_before_it_sends, fault=Fault.KILL
    ),
    "relay-invents": _build("request-api", "I5", _relay_invents),
    "relay-reorders": _build("results-api", "I4 I6", _relay_reorders),
    "accepts-without-storing": _build("request-api", "I1 I4 I9", _accepts_without_storing),
    "forgets-keys": _build("request-api", "I2", _forgets_keys, point="request-api.after-commit"),
    "every-result-counts": _build(
        "results-api",
        "I3",
        _every_result_counts,
        fault=Fault.REDELIVER,
        sql="DROP INDEX uq_review_results_request",
    ),
    "started-anew": _build("results-api", "I4", _started_anew, fault=Fault.REDELIVER),
    "erased-revives": _build("results-api", "I1 I4", _erased_revives, fault=Fault.ERASE_AND_REDELIVER),
    "completed-before-its-result": _build("results-api", "I10", _completed_before_its_result),
    "forgets-answers": _build("analyzer", "I8", _forgets_answers, fault=Fault.REDELIVER),
    "logs-a-resume": _build("analyzer", "I11", _logs_a_resume),
    "hangs": _build("analyzer", "I1 I12", _hangs),
    "loses-commits": _build("request-api", "I13", lose_commits, fault=Fault.STALL),
    "swallows-commits": _build("results-api", "I7 I13", swallow_commits, fault=Fault.STALL_THEN_LOAD),
    "idles-in-transaction": _build("request-api", "I13", _idles_in_transaction, fault=Fault.WAIT),
    "keeps-no-version-of-a-job": _build("request-api", "I13", _keeps_no_version_of_a_job),
    "shows-another-score": _build("results-api", "I14", _shows_another_score, fault=Fault.WAIT),
}
