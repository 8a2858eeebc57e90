"""SQL of resumes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from chassis.db.visibility import visibility
from chassis.principal import Principal
from contracts.document import DocumentSignals, Section
from contracts.vocabulary import MAX_TEXT_CHARACTERS
from sqlalchemy import Integer, Text, Uuid, bindparam, cast, delete, func, insert, select, update

from request_api.domain.analysis import Resume, Upload, UploadStatus
from request_api.errors import (
    CandidateNotFound,
    ResumeNotDeletable,
    ResumeNotFound,
    ResumeNotReadable,
    ResumeTooLong,
)
from request_api.storage.tables import candidates, document_signals, resume_sections, resumes
from request_api.storage.users import user_is_known
from request_api.storage.visibility import MAY_SEE_CANDIDATE, MAY_SEE_RESUME

_UPLOAD_COLUMNS = [column for column in resumes.c if column.name in Upload.__slots__]

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
_UPLOAD: Final = select(*_UPLOAD_COLUMNS).where(_IS_IT, MAY_SEE_RESUME)
_GET_UPLOAD: Final = Statement(_UPLOAD)
_GET_UPLOAD_LOCKED: Final = Statement(_UPLOAD.with_for_update())
_END_UPLOAD: Final = Statement(update(resumes).where(_IS_IT).values(status=UploadStatus.ERROR))
_OF_CANDIDATE: Final = Statement(
    select(resumes.c.id)
    .where(resumes.c.candidate_id == bindparam("candidate_id"))
    .order_by(resumes.c.version_number)
)
_DELETE: Final = Statement(delete(resumes).where(_IS_IT))
_RESUME: Final = (
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
    .with_for_update(read=True, key_share=True, of=resumes)
)
_ACCEPTED: Final = Statement(_RESUME)
# The lock comes with the resume, since a statement of its own would be a round trip of every request.
_USER: Final = func.hashtextextended(cast(bindparam("user_id", type_=Uuid), Text), 0)
_FOR_ANALYSIS: Final = Statement(
    _RESUME.add_columns(func.pg_advisory_xact_lock_shared(_USER)).where(MAY_SEE_RESUME)
)
_FOR_ANALYSIS_ALONE: Final = Statement(
    _RESUME.add_columns(func.pg_advisory_xact_lock(_USER)).where(MAY_SEE_RESUME)
)


@cache
def _page_of_uploads(*, has_status: bool) -> tuple[Statement, Statement]:
    """One that counts, and one that reads a page, without the texts."""
    wanted = resumes.c.uploaded_by_user_id == bindparam("user_id", type_=Uuid)
    if has_status:
        wanted &= resumes.c.status == bindparam("status")
    columns = [column for column in _UPLOAD_COLUMNS if column is not resumes.c.extracted_text]
    page = (
        select(*columns)
        .where(wanted)
        .order_by(resumes.c.uploaded_at.desc(), resumes.c.id)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(select(func.count()).select_from(resumes).where(wanted)), Statement(page)


class Resumes:
    """What was read of the files."""

    async def add(
        self,
        connection: Connection,
        principal: Principal,
        *,
        resume_id: UUID,
        candidate_id: UUID,
        file_name: str,
        file_hash: str,
        mime_type: str,
        text: str,
        signals: DocumentSignals,
        uploaded_at: datetime,
    ) -> None:
        """Store what was read as the candidate's next version.

        Raises:
            CandidateNotFound: unknown, not the caller's, or deleted meanwhile.
            UserUnknown: whoever uploads is not known to the database.
        """
        # Two uploads for one candidate take turns here, so that each gets a version of its own.
        wanted = {"candidate_id": candidate_id, **visibility(principal)}
        if await _LOCK_CANDIDATE.first(connection, wanted) is None:
            raise CandidateNotFound
        latest = await _LATEST_VERSION.value(connection, {"candidate_id": candidate_id})
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "id": resume_id,
                    "candidate_id": candidate_id,
                    "uploaded_by_user_id": principal.user_id,
                    "original_filename": file_name,
                    # The column wants a name, but the file itself is not kept.
                    "stored_filename": f"{resume_id}.{signals.file_type}",
                    "file_hash": file_hash,
                    "file_size": signals.file_bytes,
                    "mime_type": mime_type,
                    "version_number": (latest or 0) + 1,
                    "status": UploadStatus.COMPLETED,
                    "progress": 100,
                    "extracted_text": text,
                    "word_count": signals.word_count,
                    "uploaded_at": uploaded_at,
                    "processed_at": uploaded_at,
                },
            )
        await _ADD_SIGNALS.run(
            connection, {"resume_id": resume_id, "signals": signals.model_dump(mode="json")}
        )
        await _ADD_SECTIONS.each(
            connection,
            [_section_row(resume_id, text, section, order) for order, section in enumerate(signals.sections)],
        )

    async def get_for_analysis(
        self, connection: Connection, principal: Principal, resume_id: UUID, *, alone: bool
    ) -> Resume:
        """A resume whose text can be analysed; it is not deleted while the transaction lasts.

        Until the transaction ends, nothing is submitted for the principal in another one that is `alone`; and
        nothing in any other, where this one is.

        Raises:
            ResumeNotFound: unknown, or not the principal's.
            ResumeNotReadable, ResumeTooLong: the old backend took in what cannot be analysed.
        """
        query = _FOR_ANALYSIS_ALONE if alone else _FOR_ANALYSIS
        return await _resume(connection, query, {"resume_id": resume_id, **visibility(principal)})

    async def get_accepted(self, connection: Connection, resume_id: UUID) -> Resume:
        """The resume of a request that was accepted for whoever asked. Raises as `get_for_analysis` does."""
        return await _resume(connection, _ACCEPTED, {"resume_id": resume_id})

    async def get_upload(
        self, connection: Connection, principal: Principal, resume_id: UUID, *, lock: bool = False
    ) -> Upload:
        """A resume as it was uploaded. Raises ResumeNotFound."""
        query = _GET_UPLOAD_LOCKED if lock else _GET_UPLOAD
        row = await query.first(connection, {"resume_id": resume_id, **visibility(principal)})
        if row is None:
            raise ResumeNotFound
        return Upload(**row)

    async def page_of_uploads(
        self,
        connection: Connection,
        principal: Principal,
        *,
        status: UploadStatus | None,
        limit: int,
        offset: int,
    ) -> tuple[list[Upload], int]:
        """Return one page of what the principal uploaded, newest first and without the texts, and the total.

        Seniors and admins see every resume by its id, but as in the legacy backend the list holds their own.
        """
        count, page = _page_of_uploads(has_status=status is not None)
        wanted = {"user_id": principal.user_id, "status": status}
        total = await count.value(connection, wanted)
        rows = await page.all(connection, {**wanted, "limit": limit, "offset": offset})
        return [Upload(**row, extracted_text=None) for row in rows], total

    async def end_upload(self, connection: Connection, resume_id: UUID) -> None:
        """End an upload of the old backend that was never read."""
        await _END_UPLOAD.run(connection, {"resume_id": resume_id})

    async def lock_to_delete(self, connection: Connection, principal: Principal, resume_id: UUID) -> None:
        """Hold the resume, so that nothing new is asked of it.

        Raises:
            ResumeNotFound: unknown, or not the principal's to see.
            ResumeNotDeletable: theirs to see, because it is assigned to them, but uploaded by somebody else.
        """
        upload = await self.get_upload(connection, principal, resume_id, lock=True)
        if not (principal.sees_everything or upload.uploaded_by_user_id == principal.user_id):
            raise ResumeNotDeletable

    async def of_candidate(self, connection: Connection, candidate_id: UUID) -> Sequence[UUID]:
        """Everybody's resumes of a candidate, oldest first."""
        rows = await _OF_CANDIDATE.all(connection, {"candidate_id": candidate_id})
        return [row["id"] for row in rows]

    async def delete(self, connection: Connection, resume_id: UUID) -> None:
        """Delete it, and with it what refers to it: sections, signals, requests and their details."""
        await _DELETE.run(connection, {"resume_id": resume_id})


async def _resume(connection: Connection, query: Statement, values: Mapping[str, object]) -> Resume:
    row = await query.first(connection, values)
    if row is None:
        raise ResumeNotFound
    text, signals = row["text"], row["signals"]
    if not text or not text.strip():
        raise ResumeNotReadable
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ResumeTooLong
    return Resume(
        id=row["id"],
        version=row["version"],
        candidate_id=row["candidate_id"],
        candidate_name=row["candidate_name"],
        file_name=row["file_name"],
        text=text,
        signals=None if signals is None else DocumentSignals.model_validate(signals),
    )


def _section_row(resume_id: UUID, text: str, section: Section, order: int) -> dict[str, Any]:
    return {
        "resume_id": resume_id,
        "section_type": section.type,
        "section_title": section.title,
        "content": text[section.start : section.end],
        "start_page": section.start_page,
        "end_page": section.end_page,
        "start_position": section.start,
        "end_position": section.end,
        "sequence_order": order,
    }
