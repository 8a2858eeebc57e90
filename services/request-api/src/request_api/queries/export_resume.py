"""Export a resume: as JSON Resume, or as a blind CV."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal
from exports.exporter import Export, Exporter
from exports.source import Source
from printing.fonts import FONT_FAMILIES
from printing.renderer import PdfRenderer

from request_api.storage import Repository

BlindFormat = Literal["docx", "pdf"]


class ExportResume:
    """Export a resume that a principal may see. Nothing of an export is stored."""

    def __init__(
        self, *, database: Database, repository: Repository, exporter: Exporter, printer: PdfRenderer
    ) -> None:
        self._database = database
        self._repository = repository
        self._exporter = exporter
        self._printer = printer

    async def json_resume(self, principal: Principal, resume_id: UUID) -> bytes:
        """Return the resume as JSON Resume. Raises like `blind`, except for PrintingError."""
        source = await self._source(principal, resume_id)
        return (await self._exporter(source, "json-resume")).data

    async def blind(self, principal: Principal, resume_id: UUID, form: BlindFormat) -> Export:
        """Return the resume without the identity of its person.

        Raises:
            ResumeNotFound: the resume does not exist, or the principal may not see it.
            ResumeNotReadable, ResumeTooLong: the legacy backend stored a text that cannot be read.
            ExportError: the resume cannot be exported, or cannot be exported now.
            PrintingError: the PDF cannot be created, or cannot be created now.
            DatabaseUnavailable: the database is unavailable.
        """
        source = await self._source(principal, resume_id)
        if form == "docx":
            return await self._exporter(source, "docx")
        page = await self._exporter(source, "html", font_families=FONT_FAMILIES)
        return Export(await self._printer.render(page.data.decode()), page.has_name)

    async def _source(self, principal: Principal, resume_id: UUID) -> Source:
        async with self._database.transaction() as connection:
            resume = await self._repository.resumes.get_for_export(connection, principal, resume_id)
        return Source(
            text=resume.text,
            signals=None if resume.signals is None else resume.signals.model_dump(mode="json"),
            names=(resume.candidate_name,),
            reference=short_id(resume_id),
            now=datetime.now(UTC),
        )


def short_id(resume_id: UUID) -> str:
    """Return the start of an id, which names the resume where its person must not be named."""
    return resume_id.hex[:8]
