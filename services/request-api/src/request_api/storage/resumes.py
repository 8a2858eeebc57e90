"""SQL of resumes: their text, signals and sections."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility
from chassis.principal import Principal
from contracts.document import DocumentSignals, Section
from sqlalchemy import (
    ARRAY,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from request_api.domain.errors import CandidateNotFound, ResumeNotFound
from request_api.domain.match import MatchableResume, ResumeText
from request_api.domain.resume import NewResume, Resume, UploadStatus
from request_api.storage.tables import candidates, document_signals, resume_sections, resumes
from request_api.storage.users import user_is_known
from request_api.storage.visibility import IS_OWN_CANDIDATE, MAY_SEE_CANDIDATE, MAY_SEE_RESUME

_IS_IT: Final = resumes.c.id == bindparam("resume_id")
_LOCK_CANDIDATE: Final = Statement(
    select(candidates.c.id)
    .where(candidates.c.id == bindparam("candidate_id"), MAY_SEE_CANDIDATE)
    .with_for_update()
)
_LATEST_VERSION: Final = Statement(
    select(func.max(resumes.c.version_number)).where(resumes.c.candidate_id == bindparam("candidate_id"))
)
_ADD: Final = Statement(
    insert(resumes).inline().values({column.name: bindparam(column.name) for column in resumes.c})
)
_ADD_SIGNALS: Final = Statement(
    insert(document_signals).values({name: bindparam(name) for name in ("resume_id", "signals")})
)
_SECTION_COLUMNS: Final = (
    *("resume_id", "section_type", "section_title", "content", "start_page", "end_page"),
    *("start_position", "end_position", "sequence_order"),
)
_ADD_SECTIONS: Final = Statement(
    insert(resume_sections).inline().values({name: bindparam(name) for name in _SECTION_COLUMNS})
)
_IDS_OF_CANDIDATE: Final = Statement(
    select(resumes.c.id)
    .where(resumes.c.candidate_id == bindparam("candidate_id"))
    .order_by(resumes.c.version_number)
)
_DELETE: Final = Statement(delete(resumes).where(_IS_IT))
_READ: Final = (
    select(
        resumes.c.id,
        resumes.c.version_number.label("version"),
        resumes.c.candidate_id,
        (candidates.c.first_name + " " + candidates.c.last_name).label("candidate_name"),
        resumes.c.original_filename.label("file_name"),
        resumes.c.extracted_text.label("text"),
        document_signals.c.signals,
    )
    .join(candidates, candidates.c.id == resumes.c.candidate_id)
    .outerjoin(document_signals, document_signals.c.resume_id == resumes.c.id)
    .where(_IS_IT)
)
_GET_FOR_EXPORT: Final = Statement(_READ.where(MAY_SEE_RESUME))
_RESUME: Final = _READ.with_for_update(read=True, key_share=True, of=resumes)
_GET_FOR_REEMISSION: Final = Statement(_RESUME)
# One statement reads the resume and takes the lock, which saves each request a round trip.
_USER_LOCK: Final = func.hashtextextended(cast(USER_ID, Text), 0)
_GET_FOR_ANALYSIS: Final = Statement(
    _RESUME.add_columns(func.pg_advisory_xact_lock_shared(_USER_LOCK)).where(MAY_SEE_RESUME)
)
_GET_FOR_ANALYSIS_EXCLUSIVELY: Final = Statement(
    _RESUME.add_columns(func.pg_advisory_xact_lock(_USER_LOCK)).where(MAY_SEE_RESUME)
)
# The legacy backend stores a file first, and its text later. A file that it cannot read ends as an error.
_IS_READ: Final = or_(
    resumes.c.extracted_text.is_not(None),
    and_(resumes.c.status != UploadStatus.PENDING.value, resumes.c.status != UploadStatus.PROCESSING.value),
)
_ARE_GIVEN: Final = resumes.c.id == any_(bindparam("resume_ids", type_=ARRAY(Uuid)))
_LOCK_FOR_MATCHES: Final = Statement(
    select(
        resumes.c.id,
        resumes.c.version_number.label("version"),
        resumes.c.candidate_id,
        (candidates.c.first_name + " " + candidates.c.last_name).label("candidate_name"),
        resumes.c.original_filename.label("file_name"),
        _IS_READ.label("is_read"),
    )
    .join(candidates, candidates.c.id == resumes.c.candidate_id)
    .where(_ARE_GIVEN, MAY_SEE_RESUME)
    .order_by(resumes.c.id)
    .with_for_update(read=True, key_share=True, of=resumes)
)
_TEXTS: Final = Statement(
    select(resumes.c.id, resumes.c.extracted_text.label("text"), document_signals.c.signals)
    .outerjoin(document_signals, document_signals.c.resume_id == resumes.c.id)
    .where(_ARE_GIVEN)
)


@cache
def _newest_resumes(*, sees_everything: bool) -> Statement:
    """Return a statement that selects the newest resume of each active candidate that was read.

    It also counts them.
    """
    condition = (candidates.c.status == "active") & _IS_READ
    if not sees_everything:
        condition &= IS_OWN_CANDIDATE
    newest = (
        select(resumes.c.id)
        .join(candidates, candidates.c.id == resumes.c.candidate_id)
        .where(condition)
        .ext(distinct_on(resumes.c.candidate_id))
        .order_by(resumes.c.candidate_id, resumes.c.version_number.desc(), resumes.c.id)
        .subquery()
    )
    return Statement(
        select(newest.c.id, func.count().over().label("candidates")).limit(bindparam("limit", type_=Integer))
    )


class Resumes:
    """Resumes that were read, with their signals and sections."""

    async def add(self, connection: Connection, principal: Principal, new: NewResume) -> None:
        """Store a resume as the candidate's next version, uploaded by the principal.

        Raises:
            CandidateNotFound: the candidate does not exist, or the principal may not see it.
            UserUnknown: the database does not have the principal.
        """
        # Concurrent uploads for one candidate wait here, so that each gets its own version.
        wanted = {"candidate_id": new.candidate_id, **visibility(principal)}
        if await _LOCK_CANDIDATE.first(connection, wanted) is None:
            raise CandidateNotFound
        latest = await _LATEST_VERSION.value(connection, {"candidate_id": new.candidate_id})
        signals = new.signals
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "id": new.id,
                    "candidate_id": new.candidate_id,
                    "uploaded_by_user_id": principal.user_id,
                    "original_filename": new.file_name,
                    # The column is mandatory, although files are not kept.
                    "stored_filename": f"{new.id}.{signals.file_type}",
                    "file_hash": new.file_hash,
                    "file_size": signals.file_bytes,
                    "mime_type": new.mime_type,
                    "version_number": (latest or 0) + 1,
                    "status": UploadStatus.COMPLETED,
                    "progress": 100,
                    "extracted_text": new.text,
                    "word_count": signals.word_count,
                    "uploaded_at": new.uploaded_at,
                    "processed_at": new.uploaded_at,
                },
            )
        await _ADD_SIGNALS.run(connection, {"resume_id": new.id, "signals": signals.model_dump(mode="json")})
        await _ADD_SECTIONS.each(
            connection,
            [_section_row(new, section, order) for order, section in enumerate(signals.sections)],
        )

    async def get_for_analysis(
        self, connection: Connection, principal: Principal, resume_id: UUID, *, exclusive: bool
    ) -> Resume:
        """Return a resume to analyse. It cannot be deleted until the transaction ends.

        The statement also takes a lock on the principal, shared or exclusive, until the transaction ends.

        Raises:
            ResumeNotFound: the resume does not exist, or the principal may not see it.
            ResumeNotReadable, ResumeTooLong: the legacy backend stored a text that cannot be analysed.
        """
        query = _GET_FOR_ANALYSIS_EXCLUSIVELY if exclusive else _GET_FOR_ANALYSIS
        return await _resume(connection, query, {"resume_id": resume_id, **visibility(principal)})

    async def get_for_reemission(self, connection: Connection, resume_id: UUID) -> Resume:
        """Return the resume of an accepted analysis, for no principal. Raises like `get_for_analysis`."""
        return await _resume(connection, _GET_FOR_REEMISSION, {"resume_id": resume_id})

    async def get_for_export(self, connection: Connection, principal: Principal, resume_id: UUID) -> Resume:
        """Return a resume to read, without a lock. Raises like `get_for_analysis`."""
        return await _resume(connection, _GET_FOR_EXPORT, {"resume_id": resume_id, **visibility(principal)})

    async def lock_for_matches(
        self, connection: Connection, principal: Principal, resume_ids: Sequence[UUID]
    ) -> list[MatchableResume]:
        """Return those of the resumes that the principal may see. None can be deleted until the end.

        Raises:
            ResumeNotYetRead: the legacy backend has not read one of them yet.
        """
        values = {"resume_ids": resume_ids, **visibility(principal)}
        return [MatchableResume(**row) for row in await _LOCK_FOR_MATCHES.all(connection, values)]

    async def newest_of_candidates(
        self, connection: Connection, principal: Principal, *, limit: int
    ) -> tuple[list[UUID], int]:
        """Return the newest resume of up to `limit` active candidates, and the number of candidates.

        Counts only the candidates that the principal may see, and only resumes that were read.
        """
        query = _newest_resumes(sees_everything=principal.sees_everything)
        rows = await query.all(connection, {"limit": limit, "user_id": principal.user_id})
        return [row["id"] for row in rows], rows[0]["candidates"] if rows else 0

    async def texts(self, connection: Connection, resume_ids: Sequence[UUID]) -> dict[UUID, ResumeText]:
        """Return the texts of resumes that the caller has locked, for no principal."""
        rows = await _TEXTS.all(connection, {"resume_ids": resume_ids})
        return {row["id"]: ResumeText.of(row["text"], _signals(row)) for row in rows}

    async def ids_of_candidate(self, connection: Connection, candidate_id: UUID) -> Sequence[UUID]:
        """Return the ids of a candidate's resumes, oldest first, uploaded by any user."""
        rows = await _IDS_OF_CANDIDATE.all(connection, {"candidate_id": candidate_id})
        return [row["id"] for row in rows]

    async def delete(self, connection: Connection, resume_id: UUID) -> None:
        """Delete a resume with its sections, signals, analyses and their details."""
        await _DELETE.run(connection, {"resume_id": resume_id})


async def _resume(connection: Connection, query: Statement, values: Mapping[str, object]) -> Resume:
    row = await query.first(connection, values)
    if row is None:
        raise ResumeNotFound
    return Resume(
        id=row["id"],
        version=row["version"],
        candidate_id=row["candidate_id"],
        candidate_name=row["candidate_name"],
        file_name=row["file_name"],
        text=row["text"] or "",
        signals=_signals(row),
    )


def _signals(row: Row) -> DocumentSignals | None:
    signals = row["signals"]
    return None if signals is None else DocumentSignals.model_validate(signals)


def _section_row(resume: NewResume, section: Section, order: int) -> dict[str, Any]:
    return {
        "resume_id": resume.id,
        "section_type": section.type,
        "section_title": section.title,
        "content": resume.text[section.start : section.end],
        "start_page": section.start_page,
        "end_page": section.end_page,
        "start_position": section.start,
        "end_position": section.end,
        "sequence_order": order,
    }
