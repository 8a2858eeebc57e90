"""SQL of uploads: resumes as they were uploaded, for the pages that list, show, cancel and delete them."""

from functools import cache
from typing import Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility
from chassis.principal import Principal
from sqlalchemy import Integer, bindparam, func, select, update

from request_api.domain.errors import ResumeNotFound
from request_api.domain.resume import Upload, UploadStatus
from request_api.storage.tables import resumes
from request_api.storage.visibility import MAY_SEE_RESUME

_COLUMNS = [column for column in resumes.c if column.name in Upload.__slots__]

_IS_IT: Final = resumes.c.id == bindparam("resume_id")
_UPLOAD: Final = select(*_COLUMNS).where(_IS_IT, MAY_SEE_RESUME)
_GET: Final = Statement(_UPLOAD)
_GET_LOCKED: Final = Statement(_UPLOAD.with_for_update())
_CANCEL: Final = Statement(update(resumes).where(_IS_IT).values(status=UploadStatus.ERROR))


@cache
def _page(*, has_status: bool) -> tuple[Statement, Statement]:
    """Return a statement that counts and one that reads a page without the texts."""
    condition = resumes.c.uploaded_by_user_id == USER_ID
    if has_status:
        condition &= resumes.c.status == bindparam("status")
    columns = [column for column in _COLUMNS if column is not resumes.c.extracted_text]
    page = (
        select(*columns)
        .where(condition)
        .order_by(resumes.c.uploaded_at.desc(), resumes.c.id)
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(select(func.count()).select_from(resumes).where(condition)), Statement(page)


class Uploads:
    """Resumes as they were uploaded."""

    async def get(
        self, connection: Connection, principal: Principal, resume_id: UUID, *, lock: bool = False
    ) -> Upload:
        """Return an upload, locked on demand. Raises ResumeNotFound."""
        query = _GET_LOCKED if lock else _GET
        row = await query.first(connection, {"resume_id": resume_id, **visibility(principal)})
        if row is None:
            raise ResumeNotFound
        return Upload(**row)

    async def page(
        self,
        connection: Connection,
        principal: Principal,
        *,
        status: UploadStatus | None,
        limit: int,
        offset: int,
    ) -> tuple[list[Upload], int]:
        """Return one page of the principal's uploads, newest first and without texts, and the total.

        Senior recruiters and administrators see every resume by its id. As in the legacy backend, their list
        holds only what they uploaded themselves.
        """
        count, page = _page(has_status=status is not None)
        wanted = {"user_id": principal.user_id, "status": status}
        total = await count.value(connection, wanted)
        rows = await page.all(connection, {**wanted, "limit": limit, "offset": offset})
        return [Upload(**row, extracted_text=None) for row in rows], total

    async def cancel(self, connection: Connection, resume_id: UUID) -> None:
        """End an upload of the legacy backend that was never read."""
        await _CANCEL.run(connection, {"resume_id": resume_id})
