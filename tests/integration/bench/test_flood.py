"""The flood and what measures it, against a server that answers some and closes others."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.http.raw_request import raw_request
from tools.bench import attacks
from tools.bench.attacks import SCENARIOS, Target, attack
from tools.bench.flood import measure


class Server:
    """A server that answers GET and POST, and keeps what sends nothing."""

    def __init__(self) -> None:
        self.open = 0
        self.most_open = 0
        self.peers: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.peers.add(writer.get_extra_info("peername")[0])
        try:
            line = await reader.readline()
            if line.startswith(b"GET"):
                status = 200 if b"/good" in line else 503
                writer.write(f"HTTP/1.1 {status} \r\nconnection: close\r\n\r\n".encode())
            elif line.startswith(b"POST"):
                writer.write(b"HTTP/1.1 429 \r\n\r\n")
            else:
                await reader.read()
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()


@pytest.fixture
def played() -> Server:
    return Server()


@pytest_asyncio.fixture
async def port(played: Server) -> AsyncIterator[int]:
    server = await asyncio.start_server(played.serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_an_attack_is_bounded_and_opens_again_what_is_closed(
    port: int, played: Server, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attacks, "_PER_SECOND", 50)
    target = Target(
        scenario=scenario,
        host="127.0.0.1",
        port=port,
        source="127.0.0.2",
        seconds=2,
        token="token",
        candidate_id="candidate",
    )
    counts = await attack(target)
    assert played.peers == {"127.0.0.2"}
    # So many a second, whatever is closed, and as many again as are opened at once.
    per_second, at_once = {"live-streams": (100, 1), "daily-limit": (60, 40)}.get(scenario, (50, 1))
    assert 10 < counts.opened <= 2 * per_second + max(at_once, 10)
    assert played.most_open <= counts.most_held
    if scenario == "idle-connections":
        # A third of them send nothing, and are not closed.
        assert counts.most_held >= 10
        assert set(counts.answers) == {"503"}
    else:
        answer = "503" if scenario == "live-streams" else "429"
        assert set(counts.answers) <= {answer, "closed"}
        assert counts.answers[answer] >= 10


async def test_what_others_see_is_told_apart(port: int) -> None:
    good, bad = (raw_request("GET", path).encode() for path in ("/good", "/bad"))
    seen = await measure(port, [good], seconds=1)
    assert seen.success == 100
    assert 0 < seen.milliseconds(50) <= seen.milliseconds(99)
    seen += await measure(port, [bad], seconds=1)
    assert 0 < seen.success < 100
    assert set(seen.failures) == {"503"}
