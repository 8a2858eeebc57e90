"""SQL of matches, of their emissions, and of the ends that are copied from public events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement, rows_of
from chassis.db.visibility import USER_ID, visibility
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from request_api.domain.match import DueMatch, Match, MatchCounts, MatchEnd, UnfinishedMatch
from request_api.domain.watchdog import WatchdogPolicy
from request_api.storage.emissions import is_due, is_overdue, is_unsent, policy_parameters
from request_api.storage.tables import UNFINISHED_MATCH, candidates, matches, resumes
from request_api.storage.users import user_is_known
from request_api.storage.visibility import IS_OWN_MATCH, MAY_SEE_MATCH

_IS_UNFINISHED: Final = literal_column(f"matches.{UNFINISHED_MATCH}", Boolean)
_IS_ORPHANED: Final = or_(
    matches.c.job_id.is_(None), matches.c.resume_id.is_(None), matches.c.requested_by_user_id.is_(None)
)
_ARE_GIVEN: Final = matches.c.id == any_(bindparam("match_ids", type_=ARRAY(Uuid)))
_IS_IT: Final = matches.c.id == bindparam("match_id")
_OF_JOB: Final = matches.c.job_id == bindparam("job_id")


def _select(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Select the columns that `_match` reads, of matches that are not orphaned."""
    return (
        select(
            matches.c.id.label("match_id"),
            matches.c.job_id,
            matches.c.job_version,
            matches.c.resume_id,
            matches.c.resume_version,
            matches.c.candidate_id,
            (candidates.c.first_name + " " + candidates.c.last_name).label("candidate_name"),
            resumes.c.original_filename.label("file_name"),
            matches.c.requested_by_user_id.label("requested_by"),
            matches.c.status,
            matches.c.cancel_requested_at,
            matches.c.requested_at,
        )
        .join(resumes, resumes.c.id == matches.c.resume_id)
        .join(candidates, candidates.c.id == resumes.c.candidate_id)
        .where(~_IS_ORPHANED, *conditions)
    )


def _locked(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Lock the matches in the order of their ids, as every transaction does, so that none deadlock."""
    return _select(*conditions).order_by(matches.c.id).with_for_update(of=matches)


_NEW: Final = rows_of(
    "new",
    {
        "id": Uuid(),
        "job_version": Integer(),
        "resume_id": Uuid(),
        "resume_version": Integer(),
        "candidate_id": Uuid(),
        "requested_at": DateTime(timezone=True),
    },
)
_ADDED: Final = {
    "id": _NEW.c.id,
    "job_version": _NEW.c.job_version,
    **dict.fromkeys(("job_id", "original_job_id"), bindparam("job_id", type_=Uuid)),
    **dict.fromkeys(("resume_id", "original_resume_id"), _NEW.c.resume_id),
    **dict.fromkeys(("requested_by_user_id", "original_requester_id"), USER_ID),
    "resume_version": _NEW.c.resume_version,
    "candidate_id": _NEW.c.candidate_id,
    "status": literal(AnalysisStatus.PENDING.value, Text),
    "requested_at": _NEW.c.requested_at,
}
_ADD: Final = Statement(
    insert(matches)
    .inline()
    .from_select(list(_ADDED), select(*(value.label(name) for name, value in _ADDED.items())))
)
_GET: Final = Statement(_select(_ARE_GIVEN, MAY_SEE_MATCH).order_by(matches.c.id))
# The newest match of each resume that need not be requested again. A match of another user that has not ended
# may still be cancelled by that user.
_CURRENT: Final = Statement(
    _select(
        _OF_JOB,
        matches.c.job_version == bindparam("job_version"),
        matches.c.resume_id == any_(bindparam("resume_ids", type_=ARRAY(Uuid))),
        or_(
            matches.c.status == AnalysisStatus.COMPLETED.value,
            IS_OWN_MATCH & _IS_UNFINISHED & matches.c.cancel_requested_at.is_(None),
        ),
        MAY_SEE_MATCH,
    )
    .ext(distinct_on(matches.c.resume_id))
    .order_by(matches.c.resume_id, matches.c.requested_at.desc(), matches.c.id)
)
# Its second argument keeps it apart from the locks of `Resumes.get_for_analysis` and `Jobs.count_open`.
_LOCK_USER: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(cast(USER_ID, Text), literal(2))))
)
_COUNT: Final = Statement(
    select(
        select(func.count())
        .select_from(matches)
        .where(IS_OWN_MATCH, _IS_UNFINISHED)
        .scalar_subquery()
        .label("unfinished"),
        select(func.count())
        .select_from(matches)
        .where(IS_OWN_MATCH, matches.c.requested_at > func.now() - func.make_interval(0, 0, 0, 1))
        .scalar_subquery()
        .label("recent"),
        func.now().label("now"),
    )
)


def _lock(condition: ColumnElement[bool]) -> Select[int]:
    """Lock any number of matches in the order of their ids, and return only their number."""
    held = select(matches.c.id).where(condition).order_by(matches.c.id).with_for_update().subquery()
    return select(func.count()).select_from(held)


def _delete_orphaned() -> ReturningDelete[tuple[object, ...]]:
    """Delete some orphaned matches that no other transaction has locked, and return what `_match` reads."""
    held = (
        select(matches.c.id)
        .where(_IS_ORPHANED)
        .order_by(matches.c.id)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("held")
    )
    return (
        delete(matches)
        .where(matches.c.id == held.c.id)
        .returning(
            matches.c.id.label("match_id"),
            matches.c.original_job_id.label("job_id"),
            matches.c.job_version,
            matches.c.original_resume_id.label("resume_id"),
            matches.c.resume_version,
            matches.c.candidate_id,
            # An erasure needs no names, and the rows that held them may be gone.
            literal("", Text).label("candidate_name"),
            literal("", Text).label("file_name"),
            matches.c.original_requester_id.label("requested_by"),
            matches.c.status,
            matches.c.cancel_requested_at,
            matches.c.requested_at,
        )
    )


_LOCK_OF_JOB: Final = Statement(_lock(_OF_JOB))
_LOCK_OF_RESUME: Final = Statement(_lock(matches.c.resume_id == bindparam("resume_id")))
_HAS_ORPHANED: Final = Statement(select(exists().where(_IS_ORPHANED)))
_DELETE_ORPHANED: Final = Statement(_delete_orphaned())
_CANCELLABLE: Final = Statement(
    _locked(_OF_JOB, IS_OWN_MATCH, _IS_UNFINISHED, matches.c.cancel_requested_at.is_(None))
)
_MARK_CANCELLED: Final = Statement(
    update(matches).where(_ARE_GIVEN).values(cancel_requested_at=bindparam("at"))
)


def _copy() -> ReturningUpdate[tuple[UUID]]:
    """Update any number of matches in one round trip, after locking them in the order of their ids."""
    ends = rows_of(
        "ends",
        {"match_ids": Uuid(), "status": Text(), "version": Integer(), "ended_at": DateTime(timezone=True)},
    )
    held = select(matches.c.id).where(_ARE_GIVEN).order_by(matches.c.id).with_for_update().cte("held")
    return (
        update(matches)
        .where(
            matches.c.id == held.c.id,
            ends.c.match_ids == held.c.id,
            matches.c.version < ends.c.version,
        )
        .values(status=ends.c.status, version=ends.c.version, ended_at=ends.c.ended_at)
        .returning(matches.c.id)
    )


_COPY: Final = Statement(_copy())
_IS_DUE: Final = is_due(
    accepted_at=matches.c.requested_at, emitted_at=matches.c.emitted_at, emissions=matches.c.emissions
)
_DUE: Final = Statement(
    select(matches.c.id.label("match_id"), is_overdue(matches.c.requested_at).label("is_overdue"))
    .where(_IS_UNFINISHED, _IS_DUE, ~is_unsent(matches.c.id))
    .order_by(matches.c.emitted_at)
    .limit(bindparam("limit", type_=Integer))
)
_LOCK_DUE: Final = Statement(
    _select(_IS_IT, _IS_UNFINISHED, _IS_DUE)
    .add_columns(matches.c.emissions, cast(func.now(), DateTime(timezone=True)).label("now"))
    .with_for_update(skip_locked=True, of=matches)
)
_COUNT_EMISSION: Final = Statement(
    update(matches).where(_IS_IT).values(emissions=matches.c.emissions + 1, emitted_at=func.now())
)
# Ours has this column.
_NAME_IS_TAKEN: Final = Statement(
    text(
        "SELECT to_regclass('matches') IS NOT NULL AND NOT EXISTS (SELECT FROM pg_attribute"
        " WHERE attrelid = to_regclass('matches') AND attname = 'requested_by_user_id')"
    )
)


class Matches:
    """Matches with the last status that was copied from the public topic."""

    async def add(self, connection: Connection, principal: Principal, new: Sequence[Match]) -> None:
        """Store new matches of one job, requested by the principal. Raises UserUnknown."""
        if not new:
            return
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "job_id": new[0].job_id,
                    "user_id": principal.user_id,
                    "id": [each.match_id for each in new],
                    "job_version": [each.job_version for each in new],
                    "resume_id": [each.resume_id for each in new],
                    "resume_version": [each.resume_version for each in new],
                    "candidate_id": [each.candidate_id for each in new],
                    "requested_at": [each.requested_at for each in new],
                },
            )

    async def get(
        self, connection: Connection, principal: Principal, match_ids: Sequence[UUID]
    ) -> list[Match]:
        """Return those of the matches that still exist and that the principal may see."""
        values = {"match_ids": match_ids, **visibility(principal)}
        return [_match(row) for row in await _GET.all(connection, values)]

    async def current(
        self,
        connection: Connection,
        principal: Principal,
        *,
        job_id: UUID,
        job_version: int,
        resume_ids: Sequence[UUID],
    ) -> list[Match]:
        """Return the matches of resumes that need not be requested again.

        The principal may see them. They are completed, or they will be unless the principal cancels them.
        """
        values = {"job_id": job_id, "job_version": job_version, "resume_ids": resume_ids}
        rows = await _CURRENT.all(connection, {**values, **visibility(principal)})
        return [_match(row) for row in rows]

    async def count(self, connection: Connection, principal: Principal) -> MatchCounts:
        """Count the principal's matches. No other transaction adds any until this one ends."""
        await _LOCK_USER.run(connection, {"user_id": principal.user_id})
        # A statement of its own, because it must not begin before the lock is held.
        return MatchCounts(**await _COUNT.one(connection, {"user_id": principal.user_id}))

    async def lock_of_job(self, connection: Connection, job_id: UUID) -> None:
        """Lock the matches of a job by all users, before its deletion changes them in any order."""
        await _LOCK_OF_JOB.run(connection, {"job_id": job_id})

    async def lock_of_resume(self, connection: Connection, resume_id: UUID) -> None:
        """Lock the matches of a resume by all users, before its deletion changes them in any order."""
        await _LOCK_OF_RESUME.run(connection, {"resume_id": resume_id})

    async def has_orphaned(self, connection: Connection) -> bool:
        """Return True if the job, resume or requester of a match was deleted."""
        return bool(await _HAS_ORPHANED.value(connection))

    async def delete_orphaned(self, connection: Connection, *, limit: int) -> list[Match]:
        """Delete matches whose job, resume or requester was deleted, and return them without names.

        Matches that another transaction has locked are left out.
        """
        return [_match(row) for row in await _DELETE_ORPHANED.all(connection, {"limit": limit})]

    async def lock_cancellable(
        self, connection: Connection, principal: Principal, job_id: UUID
    ) -> list[Match]:
        """Return the principal's own matches of a job that have not ended or been cancelled, locked."""
        values = {"job_id": job_id, "user_id": principal.user_id}
        return [_match(row) for row in await _CANCELLABLE.all(connection, values)]

    async def mark_cancelled(
        self, connection: Connection, cancelled: Sequence[Match], *, at: datetime
    ) -> None:
        """Store that cancellations were requested. The status changes once results-api publishes it."""
        values = {"match_ids": [each.match_id for each in cancelled], "at": at}
        await _MARK_CANCELLED.run(connection, values)

    async def copy_ends(self, connection: Connection, ends: Sequence[MatchEnd]) -> list[UUID]:
        """Store the ends that are newer than the stored statuses, at most one for each match.

        Returns the ids of the changed matches.
        """
        columns = {
            "match_ids": [each.match_id for each in ends],
            "status": [each.status for each in ends],
            "version": [each.version for each in ends],
            "ended_at": [each.ended_at for each in ends],
        }
        return [row["id"] for row in await _COPY.all(connection, columns)]

    async def due(self, connection: Connection, policy: WatchdogPolicy, *, limit: int) -> list[DueMatch]:
        """Return the matches to emit again or to expire, oldest emission first.

        Matches with an event in the outbox are left out, because that event was not lost.
        """
        rows = await _DUE.all(connection, {**policy_parameters(policy), "limit": limit})
        return [DueMatch(**row) for row in rows]

    async def lock_due(
        self, connection: Connection, match_id: UUID, *, policy: WatchdogPolicy
    ) -> UnfinishedMatch | None:
        """Lock a match that is still due. Returns None if it is not, or another transaction has locked it."""
        row = await _LOCK_DUE.first(connection, {"match_id": match_id, **policy_parameters(policy)})
        if row is None:
            return None
        return UnfinishedMatch(match=_match(row), emissions=row["emissions"], now=row["now"])

    async def count_emission(self, connection: Connection, match: Match) -> None:
        """Count one more emission, at the current time."""
        await _COUNT_EMISSION.run(connection, {"match_id": match.match_id})

    async def is_name_taken(self, connection: Connection) -> bool:
        """Return True if another application has a table `matches` in this database."""
        return bool(await _NAME_IS_TAKEN.value(connection))


def _match(row: Row) -> Match:
    fields = {name: row[name] for name in Match.__slots__}
    return Match(**{**fields, "status": AnalysisStatus(row["status"])})
