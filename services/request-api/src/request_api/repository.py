"""All SQL of request-api. A read takes the principal it is for; what may not be seen is not found."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.document import DocumentSignals, Section
from contracts.vocabulary import MAX_TEXT_CHARACTERS, AnalysisStatus, Depth
from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from request_api.domain import (
    AnalysisOptions,
    AnalysisRequest,
    Answer,
    Candidate,
    IdempotencyKey,
    NewCandidate,
    Principal,
    Resume,
)
from request_api.errors import (
    AnalysisNotFound,
    CandidateNotFound,
    EmailTaken,
    IdempotencyKeyReused,
    ResumeNotFound,
    ResumeNotReadable,
    ResumeTooLong,
)
from request_api.tables import (
    analysis_details,
    candidates,
    document_signals,
    idempotency_keys,
    resume_sections,
    resumes,
    review_requests,
    user_candidate_assignments,
)

# Long after any client gave up repeating a POST.
KEEP_IDEMPOTENCY_KEYS = timedelta(days=7)


def _assigned(principal: Principal, candidate_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    assignments = user_candidate_assignments.c
    return exists().where(
        assignments.candidate_id == candidate_id,
        assignments.user_id == principal.user_id,
        assignments.is_active,
    )


def _may_see_candidate(principal: Principal) -> ColumnElement[bool]:
    if principal.sees_everything:
        return true()
    return or_(candidates.c.created_by_user_id == principal.user_id, _assigned(principal, candidates.c.id))


def _may_see_resume(principal: Principal) -> ColumnElement[bool]:
    if principal.sees_everything:
        return true()
    return or_(
        resumes.c.uploaded_by_user_id == principal.user_id, _assigned(principal, resumes.c.candidate_id)
    )


class Repository:
    """Statements on the caller's transaction; nothing here commits."""

    async def remember(
        self, connection: AsyncConnection, key: IdempotencyKey, answer: Answer
    ) -> Answer | None:
        """Bind a key to an answer; returns the earlier answer where the key stands for this request already.

        Waits for another transaction that is binding the same key.

        Raises:
            IdempotencyKeyReused: the key stands for another request.
        """
        keys = idempotency_keys.c
        await connection.execute(
            delete(idempotency_keys).where(
                keys.user_id == key.user_id, keys.created_at < func.now() - KEEP_IDEMPOTENCY_KEYS
            )
        )
        inserted = await connection.execute(
            upsert(idempotency_keys)
            .values(user_id=key.user_id, key=key.key, fingerprint=key.fingerprint, answer=answer)
            .on_conflict_do_nothing()
            .returning(keys.key)
        )
        if inserted.first() is not None:
            return None
        found = await connection.execute(
            select(keys.fingerprint, keys.answer).where(keys.user_id == key.user_id, keys.key == key.key)
        )
        earlier = found.one()
        if earlier.fingerprint != key.fingerprint:
            raise IdempotencyKeyReused
        kept: Answer = earlier.answer
        return kept

    async def add_candidate(
        self,
        connection: AsyncConnection,
        principal: Principal,
        *,
        candidate_id: UUID,
        new: NewCandidate,
        created_at: datetime,
    ) -> None:
        """Raises EmailTaken where another candidate has the address."""
        try:
            await connection.execute(
                insert(candidates).values(
                    id=candidate_id,
                    first_name=new.first_name,
                    last_name=new.last_name,
                    email=new.email,
                    phone=new.phone,
                    current_company=new.current_company,
                    current_position=new.current_position,
                    years_experience=new.years_experience,
                    created_by_user_id=principal.user_id,
                    created_at=created_at,
                    updated_at=created_at,
                )
            )
        except IntegrityError as error:
            cause = error.orig.__cause__ if error.orig else None
            if getattr(cause, "constraint_name", None) == "candidates_email_key":
                raise EmailTaken from error
            raise

    async def list_candidates(
        self, connection: AsyncConnection, principal: Principal, *, limit: int, offset: int
    ) -> tuple[list[Candidate], int]:
        """One page, newest first, and how many there are in all."""
        visible = _may_see_candidate(principal)
        total = await connection.scalar(select(func.count()).select_from(candidates).where(visible))
        counted = (
            select(
                func.count().label("total_resumes"),
                func.max(resumes.c.version_number).label("latest_resume_version"),
            )
            .where(resumes.c.candidate_id == candidates.c.id)
            .lateral()
        )
        columns = [column for column in candidates.c if column.name in Candidate.__slots__]
        rows = await connection.execute(
            select(*columns, counted.c.total_resumes, counted.c.latest_resume_version)
            .join(counted, true())
            .where(visible)
            .order_by(candidates.c.created_at.desc(), candidates.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [Candidate(**row) for row in rows.mappings()], total or 0

    async def check_candidate(
        self, connection: AsyncConnection, principal: Principal, candidate_id: UUID
    ) -> None:
        """Raises CandidateNotFound."""
        found = await connection.scalar(
            select(candidates.c.id).where(candidates.c.id == candidate_id, _may_see_candidate(principal))
        )
        if found is None:
            raise CandidateNotFound

    async def add_resume(
        self,
        connection: AsyncConnection,
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
        """
        # Two uploads for one candidate take turns here, so that each gets a version of its own.
        locked = await connection.scalar(
            select(candidates.c.id)
            .where(candidates.c.id == candidate_id, _may_see_candidate(principal))
            .with_for_update()
        )
        if locked is None:
            raise CandidateNotFound
        latest = await connection.scalar(
            select(func.max(resumes.c.version_number)).where(resumes.c.candidate_id == candidate_id)
        )
        await connection.execute(
            insert(resumes).values(
                id=resume_id,
                candidate_id=candidate_id,
                uploaded_by_user_id=principal.user_id,
                original_filename=file_name,
                # The column wants a name, but the file itself is not kept.
                stored_filename=f"{resume_id}.{signals.file_type}",
                file_hash=file_hash,
                file_size=signals.file_bytes,
                mime_type=mime_type,
                version_number=(latest or 0) + 1,
                status="completed",
                progress=100,
                extracted_text=text,
                word_count=signals.word_count,
                uploaded_at=uploaded_at,
                processed_at=uploaded_at,
            )
        )
        await connection.execute(
            insert(document_signals).values(resume_id=resume_id, signals=signals.model_dump(mode="json"))
        )
        sections = [
            _section_row(resume_id, text, section, order) for order, section in enumerate(signals.sections)
        ]
        if sections:
            await connection.execute(insert(resume_sections), sections)

    async def get_resume(self, connection: AsyncConnection, principal: Principal, resume_id: UUID) -> Resume:
        """A resume whose text can be analysed.

        Raises:
            ResumeNotFound: unknown, or not the principal's.
            ResumeNotReadable, ResumeTooLong: the old backend took in what cannot be analysed.
        """
        found = await connection.execute(
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
            .where(resumes.c.id == resume_id, _may_see_resume(principal))
        )
        row = found.one_or_none()
        if row is None:
            raise ResumeNotFound
        if not row.text or not row.text.strip():
            raise ResumeNotReadable
        if len(row.text) > MAX_TEXT_CHARACTERS:
            raise ResumeTooLong
        return Resume(
            id=row.id,
            version=row.version,
            candidate_id=row.candidate_id,
            candidate_name=row.candidate_name,
            file_name=row.file_name,
            text=row.text,
            signals=None if row.signals is None else DocumentSignals.model_validate(row.signals),
        )

    async def add_request(
        self,
        connection: AsyncConnection,
        principal: Principal,
        *,
        analysis_id: UUID,
        resume_id: UUID,
        options: AnalysisOptions,
        requested_at: datetime,
    ) -> None:
        """Store a request, pending."""
        await connection.execute(
            insert(review_requests).values(
                id=analysis_id,
                resume_id=resume_id,
                requested_by_user_id=principal.user_id,
                target_industry=options.industry,
                review_type=options.review_type,
                status=AnalysisStatus.PENDING,
                requested_at=requested_at,
            )
        )
        await connection.execute(
            insert(analysis_details).values(
                review_request_id=analysis_id,
                analysis_depth=options.depth,
                compare_to_market=options.compare_to_market,
                focus_areas=list(options.focus_areas),
            )
        )

    async def get_request(
        self, connection: AsyncConnection, principal: Principal, analysis_id: UUID
    ) -> AnalysisRequest:
        """Raises AnalysisNotFound."""
        visible = (
            true()
            if principal.sees_everything
            else review_requests.c.requested_by_user_id == principal.user_id
        )
        found = await connection.execute(
            select(
                review_requests.c.id.label("analysis_id"),
                review_requests.c.resume_id,
                resumes.c.version_number.label("resume_version"),
                resumes.c.candidate_id,
                review_requests.c.requested_by_user_id.label("requested_by"),
                (candidates.c.first_name + " " + candidates.c.last_name).label("candidate_name"),
                resumes.c.original_filename.label("file_name"),
                review_requests.c.target_industry.label("industry"),
                func.coalesce(analysis_details.c.analysis_depth, Depth.STANDARD.value).label("depth"),
                review_requests.c.review_type,
                # The old backend's requests have no details: their own status is all there is.
                func.coalesce(analysis_details.c.status, review_requests.c.status).label("status"),
                func.coalesce(analysis_details.c.version, 0).label("version"),
                analysis_details.c.failure_code,
                review_requests.c.requested_at,
                review_requests.c.completed_at,
            )
            .join(resumes, resumes.c.id == review_requests.c.resume_id)
            .join(candidates, candidates.c.id == resumes.c.candidate_id)
            .outerjoin(analysis_details, analysis_details.c.review_request_id == review_requests.c.id)
            .where(review_requests.c.id == analysis_id, visible)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise AnalysisNotFound
        return AnalysisRequest(**row)

    async def copy_status(
        self,
        connection: AsyncConnection,
        *,
        analysis_id: UUID,
        status: AnalysisStatus,
        version: int,
        failure_code: str | None,
        ended_at: datetime | None,
    ) -> bool:
        """Take a status over if it is newer than what stands; says whether it was."""
        newer = await connection.execute(
            update(analysis_details)
            .where(analysis_details.c.review_request_id == analysis_id, analysis_details.c.version < version)
            .values(status=status, version=version, failure_code=failure_code)
        )
        if newer.rowcount == 0:
            return False
        await connection.execute(
            update(review_requests)
            .where(review_requests.c.id == analysis_id)
            .values(status=_storable(status), completed_at=ended_at)
        )
        return True


def _storable(status: AnalysisStatus) -> str:
    """`review_requests.status` allows four words; what ended without a result is failed there."""
    if status in (AnalysisStatus.CANCELLED, AnalysisStatus.ERASED):
        return AnalysisStatus.FAILED
    return status


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
