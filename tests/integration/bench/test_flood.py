"""The attacks of the flood and its measurements, against a fake server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.http.raw_request import raw_request
from tools.bench.flood import attacks
from tools.bench.flood.attacks import SCENARIOS, Target, attack
from tools.bench.flood.users import measure


class FakeServer:
    """Answer GET and POST, and keep connections open that send nothing."""

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
def server() -> FakeServer:
    return FakeServer()


@pytest_asyncio.fixture
async def port(server: FakeServer) -> AsyncIterator[int]:
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    listener.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_attack_is_bounded_and_replaces_closed_connections(
    port: int, server: FakeServer, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attacks, "_PER_SECOND", 50)
    # The number of connections counts here, and large bodies would take the time.
    monkeypatch.setattr(attacks, "_UPLOAD_BYTES", 10_000)
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
    assert server.peers == {"127.0.0.2"}
    # The limit per second for two seconds, plus one batch of connections opened at once.
    per_second, at_once = {"live-streams": (100, 1), "daily-limit": (60, 40)}.get(scenario, (50, 1))
    assert 10 < counts.opened <= 2 * per_second + max(at_once, 10)
    assert server.most_open <= counts.most_held
    if scenario == "idle-connections":
        # A third of the connections send nothing and stay open.
        assert counts.most_held >= 10
        assert set(counts.answers) == {"503"}
    else:
        answer = "503" if scenario == "live-streams" else "429"
        assert set(counts.answers) <= {answer, "closed"}
        assert counts.answers[answer] >= 10


async def test_measurement_separates_successes_from_failures(port: int) -> None:
    good, bad = (raw_request("GET", path).encode() for path in ("/good", "/bad"))
    seen = await measure(port, [good], seconds=1)
    assert seen.success == 100
    assert 0 < seen.milliseconds(50) <= seen.milliseconds(99)
    seen += await measure(port, [bad], seconds=1)
    assert 0 < seen.success < 100
    assert set(seen.failures) == {"503"}
