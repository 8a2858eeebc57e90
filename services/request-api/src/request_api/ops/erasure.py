"""`erase`: delete resumes like the HTTP API does, for requests for erasure."""

from argparse import Namespace
from uuid import UUID

from chassis.db.database import Database
from chassis.principal import Principal, Role

from request_api.commands.delete_resume import DeleteResume
from request_api.domain.errors import CandidateNotFound, ResumeNotFound
from request_api.events import create_outbox
from request_api.ops.analyses import database
from request_api.ops.command import DONE, DRY_RUN, Refused, audit, counted
from request_api.storage import Repository

# A principal that may see and delete everything, without being a user.
_ON_CALL = Principal(user_id=UUID(int=0), role=Role.ADMIN)


async def erase(arguments: Namespace) -> int:
    """Erase one resume, or all resumes of a candidate, with everything derived from them."""
    async with database() as opened:
        plan = await _plan(opened, arguments)
        for resume, analyses in plan.items():
            print(
                f"{'erase' if arguments.apply else 'would erase'} resume {resume} "
                f"and {counted(len(analyses), 'analysis')} of it"
            )
        if arguments.candidate:
            print("The candidate's own entry (name, address) is kept.")
        if not plan:
            print("There is nothing to do.")
            return DONE
        if not arguments.apply:
            print(DRY_RUN)
            return DONE
        delete = DeleteResume(database=opened, repository=Repository(), outbox=create_outbox())
        done: list[UUID] = []
        try:
            for resume in plan:
                await delete(_ON_CALL, resume)
                done.append(resume)
        except ResumeNotFound:
            raise Refused(f"Resume {resume} was deleted by another user in the meantime.") from None
        finally:
            if done:
                analyses = [analysis for resume in done for analysis in plan[resume]]
                audit(arguments, "erase", resumes=done, analyses=analyses)
    print(f"{counted(len(done), 'resume')} erased. The running service informs the other services.")
    return DONE


async def _plan(opened: Database, arguments: Namespace) -> dict[UUID, list[UUID]]:
    """Return the resumes to erase, each with its analyses. Raises Refused."""
    repository = Repository()
    async with opened.transaction() as connection:
        try:
            if arguments.candidate:
                await repository.candidates.check(connection, _ON_CALL, arguments.candidate)
                resumes = list(await repository.resumes.ids_of_candidate(connection, arguments.candidate))
            else:
                resumes = [(await repository.uploads.get(connection, _ON_CALL, arguments.id)).id]
        except (CandidateNotFound, ResumeNotFound) as error:
            raise Refused(str(error)) from None
        return {
            resume: [one.analysis_id for one in await repository.analyses.of_resume(connection, resume)]
            for resume in resumes
        }
