"""The rest of a request is read before its response is sent, within limits."""

import asyncio
from uuid import UUID, uuid4

import pytest
from chassis.auth.tokens import Caller
from chassis.http import discard_body
from chassis.http.discard_body import DiscardUnreadBody
from starlette.types import Message, Receive, Scope, Send

ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


class Sender:
    """A request whose body the application does not read, and its response."""

    def __init__(
        self,
        *,
        pieces: int,
        status: int = 429,
        is_authenticated: bool = True,
        user_id: UUID = ONE,
        app: DiscardUnreadBody | None = None,
    ) -> None:
        self._user_id = user_id
        self.app = app or DiscardUnreadBody(self._refuse)
        self._pieces = pieces
        self._status = status
        self._is_authenticated = is_authenticated
        self.pieces_read = 0
        self.status = 0

    async def _refuse(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if self._is_authenticated:
            scope["state"] = {"caller": Caller(user_id=scope["user_id"], role=None, token="")}
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body"})

    async def send(self) -> None:
        async def receive() -> Message:
            if self.pieces_read == self._pieces:
                await asyncio.Event().wait()
            self.pieces_read += 1
            return {"type": "http.request", "body": b"a" * 10, "more_body": self.pieces_read < 10}

        async def answered(message: Message) -> None:
            self.status = message.get("status", self.status)

        scope = {"type": "http", "method": "POST", "user_id": self._user_id}
        await self.app(scope, receive, answered)


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discard_body, "_SECONDS", 0.1)


async def test_whole_body_is_read_before_the_response() -> None:
    sender = Sender(pieces=10)
    await sender.send()
    assert (sender.status, sender.pieces_read) == (429, 10)


async def test_wait_for_the_rest_of_a_body_is_limited() -> None:
    sender = Sender(pieces=5)
    async with asyncio.timeout(2):
        await sender.send()
    assert (sender.status, sender.pieces_read) == (429, 5)


async def test_no_more_is_read_than_the_size_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discard_body, "_MAX_BYTES", 45)
    sender = Sender(pieces=10)
    await sender.send()
    assert (sender.status, sender.pieces_read) == (429, 5)


@pytest.mark.parametrize(("status", "is_authenticated"), [(401, False), (408, True)])
async def test_nothing_is_read_from_unauthenticated_or_slow_senders(
    *, status: int, is_authenticated: bool
) -> None:
    sender = Sender(pieces=10, status=status, is_authenticated=is_authenticated)
    await sender.send()
    assert (sender.status, sender.pieces_read) == (status, 0)


@pytest.mark.parametrize("late_user", [ONE, THREE])
async def test_request_beyond_the_limit_is_answered_at_once(
    monkeypatch: pytest.MonkeyPatch, late_user: UUID
) -> None:
    """Test the limit of all users and that of one."""
    monkeypatch.setattr(discard_body, "_AT_ONCE", 2 if late_user is THREE else 3)
    monkeypatch.setattr(discard_body, "_AT_ONCE_PER_USER", 1)
    monkeypatch.setattr(discard_body, "_SECONDS", 60)
    slow = Sender(pieces=5)
    app = slow.app
    tasks = [asyncio.create_task(sender.send()) for sender in (slow, Sender(pieces=5, user_id=TWO, app=app))]
    await asyncio.sleep(0)
    late = Sender(pieces=10, user_id=late_user, app=app)
    await late.send()
    assert (late.status, late.pieces_read) == (429, 0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
