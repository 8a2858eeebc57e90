"""Receive uploaded files on disk, with limits on their number and time."""

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

# The frontend sends only the file. Other fields are ignored and must be small.
_MAX_FIELDS: Final = 10
_MAX_FIELD_BYTES: Final = 64 * 1024

# A page may send a whole batch at once over HTTP/2. A waiting upload costs a connection, but nothing is read.
# The gateway gives up after 8 s, and an upload with a slot may also have to wait for a reader.
_WAIT_SECONDS: Final = 4
# Equals the number of requests that the gateway accepts from one user at once.
_WAITING_PER_USER: Final = 60

# Time from the first byte of an upload until it was read. Leaves half a second to store it before the gateway
# gives up.
_ANSWER_SECONDS: Final = 7.5
# Enough for any valid file.
_MIN_READING_SECONDS: Final = 3.0
# The frontend has given up by then, so a client that still sends has a longer timeout.
_PATIENT_SECONDS: Final = 10.0

log = get_logger(__name__)


class Uploads:
    """Limits on simultaneous uploads."""

    def __init__(self, *, in_all: int, per_user: int, seconds: float) -> None:
        """Create the limits. `seconds` is the time for a body to arrive, including the wait for a slot."""
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

        `began` is the event loop's time at which the request began. The file has no name, so the kernel
        frees it when it is closed, even after a crash.

        Raises:
            UploadTooSlow: the body did not arrive in time.
            UploadAborted: the client closed the connection.
            BadForm: the body is not a form with one file.
            StorageUnavailable: the file cannot be written.
        """
        try:
            async with asyncio.timeout_at(began + self._seconds):
                form = await request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
                for part in form.values():
                    if isinstance(part, UploadFile):
                        # Asking for a descriptor moves small files from memory to disk, too.
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
            log.error(  # noqa: TRY400 - the error's name says everything
                "the temporary disk cannot be written", error=errno.errorcode.get(error.errno or 0, "unknown")
            )
            raise StorageUnavailable from error


def reading_seconds(arriving_seconds: float) -> float | None:
    """Return the time for reading a file that took this long to arrive, including its wait for a slot.

    None means the limit of the document reader.
    """
    if arriving_seconds > _PATIENT_SECONDS:
        return None
    return max(_ANSWER_SECONDS - arriving_seconds, _MIN_READING_SECONDS)


class UploadRoute(AuthenticatedRoute):
    """A route that receives a file. The body is not read before the caller has a slot.

    The application keeps its `Uploads` in `app.state.uploads`. The endpoint finds the time for reading the
    file in `request.state.reading_seconds`.
    """

    def get_body_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, preceded by receiving the form."""
        handle = super().get_body_handler()

        async def receive_and_handle(request: Request) -> Response:
            uploads: Uploads = request.app.state.uploads
            clock = asyncio.get_running_loop().time
            began = clock()
            async with uploads.slots.hold_in_turn(caller_of(request).user_id):
                try:
                    await uploads.receive(request, began=began)
                    request.state.reading_seconds = reading_seconds(clock() - began)
                    return await _unless_disconnected(request, handle(request))
                finally:
                    # Closing a file on a full disk fails again, but frees the space.
                    with suppress(OSError):
                        await request.close()

        return receive_and_handle


async def _unless_disconnected(request: Request, handling: Coroutine[Any, Any, Response]) -> Response:
    """Return the response, or cancel the work on it if the client closes the connection.

    Raises:
        UploadAborted: the client closed the connection.
    """
    work = asyncio.create_task(handling)
    disconnected = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait((work, disconnected), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            disconnected.result()
            raise UploadAborted
        return work.result()
    finally:
        for task in (work, disconnected):
            task.cancel()
        await asyncio.gather(work, disconnected, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    with suppress(ClientDisconnect):
        while (await request.receive())["type"] != "http.disconnect":
            pass
