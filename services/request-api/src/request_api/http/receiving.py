"""Receive uploaded files: on disk, a few at once, and in a bounded time."""

import asyncio
import errno
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from chassis.http.authentication import AuthenticatedRoute, caller_of
from chassis.http.concurrency import ConcurrencyLimit
from chassis.telemetry.logs import get_logger
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from request_api.http.errors import (
    BadForm,
    StorageUnavailable,
    TooManyUploads,
    UploadAborted,
    UploadsBusy,
    UploadTooSlow,
)

# The frontend sends the file alone; other fields are ignored, and small.
_MAX_FIELDS: Final = 10
_MAX_FIELD_BYTES: Final = 64 * 1024

# A page may send a whole batch at once over HTTP/2. What waits costs a connection, and nothing of it is read.
# The gateway gives up after 8 s, and what has its slot may wait for a reader, too.
_WAIT_SECONDS: Final = 4
# As many as the gateway lets one user send at once.
_WAITING_PER_USER: Final = 60

# From the first byte of an upload. Half a second is left to store it before the gateway gives up.
_ANSWER_SECONDS: Final = 7.5
# Enough for any good file.
_MIN_READING_SECONDS: Final = 3.0
# The existing frontend has given up by then, so a client that still sends is another one.
_PATIENT_SECONDS: Final = 10.0

log = get_logger(__name__)


class Uploads:
    """Limits on what senders of files cost this process."""

    def __init__(self, *, in_all: int, per_user: int, seconds: float) -> None:
        """`seconds` is for a body to arrive, the wait for its slot included."""
        self.slots = ConcurrencyLimit(
            in_all=in_all,
            per_user=per_user,
            all_taken=UploadsBusy,
            own_taken=TooManyUploads,
            wait_seconds=_WAIT_SECONDS,
            waiting_per_user=_WAITING_PER_USER,
        )
        self._seconds = seconds

    async def receive(self, request: Request, *, began: float) -> None:
        """Parse the form with its file on disk, where `request.form()` finds it.

        `began` is the event loop's time at which the request came.

        The file has no name: the kernel frees it when it is closed, even by a crash.

        Raises:
            UploadTooSlow, UploadAborted, BadForm: it did not arrive, or not as it should.
            StorageUnavailable: it cannot be kept.
        """
        try:
            async with asyncio.timeout_at(began + self._seconds):
                form = await request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
                for part in form.values():
                    if isinstance(part, UploadFile):
                        # Small files are still in memory; asked for a descriptor, they go to disk as well.
                        await run_in_threadpool(part.file.fileno)
        except TimeoutError:
            raise UploadTooSlow(seconds=self._seconds) from None
        except ClientDisconnect:
            raise UploadAborted from None
        except HTTPException as error:
            raise (BadForm if error.status_code == BadForm.status else error) from None
        except (ValueError, LookupError):
            raise BadForm from None
        except OSError as error:
            log.error(  # noqa: TRY400 - the trace says nothing that the error's name does not
                "the temporary disk cannot be written", error=errno.errorcode.get(error.errno or 0, "unknown")
            )
            raise StorageUnavailable from error


def reading_seconds(arriving_seconds: float) -> float | None:
    """Return how long a file may be read, by how long it took to arrive with its wait for a slot.

    None means as long as any file.
    """
    if arriving_seconds > _PATIENT_SECONDS:
        return None
    return max(_ANSWER_SECONDS - arriving_seconds, _MIN_READING_SECONDS)


class UploadRoute(AuthenticatedRoute):
    """A route that takes a file. Nothing of the body is read before the caller has a slot.

    The application keeps its `Uploads` as `app.state.uploads`. `request.state.reading_seconds` tells the
    endpoint how long it may read the file.
    """

    def get_body_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, which finds the form parsed."""
        handle = super().get_body_handler()

        async def receive_and_handle(request: Request) -> Response:
            uploads: Uploads = request.app.state.uploads
            clock = asyncio.get_running_loop().time
            began = clock()
            async with uploads.slots.hold_in_turn(caller_of(request).user_id):
                try:
                    await uploads.receive(request, began=began)
                    request.state.reading_seconds = reading_seconds(clock() - began)
                    return await _unless_gone(request, handle(request))
                finally:
                    # A full disk fails once more as the file is closed, which frees it all the same.
                    with suppress(OSError):
                        await request.close()

        return receive_and_handle


async def _unless_gone(request: Request, handling: Coroutine[Any, Any, Response]) -> Response:
    """Return the answer, or cancel the work on it once the client has closed the connection.

    Raises:
        UploadAborted: nobody waits for the answer.
    """
    work = asyncio.create_task(handling)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            gone.result()
            raise UploadAborted
        return work.result()
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    with suppress(ClientDisconnect):
        while (await request.receive())["type"] != "http.disconnect":
            pass
