"""Child processes end with their parent, however it ends."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from local_stack.errors import PartFailed, StackError
from local_stack.processes.process import Process, run_to_end
from local_stack.service import without_proxy

from tests.support.fakes.http_server import fake_http_server

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""

SUPERVISOR = """
import asyncio, sys
from local_stack.processes.process import Process

async def main():
    child = Process(name="child", command=[sys.executable, "-c", "import time; time.sleep(60)"])
    await child.start()
    print(child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # a zombie that its parent has not reaped yet


async def _gone(pid: int) -> bool:
    for _ in range(100):
        if not _runs(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_child_does_not_outlive_a_killed_supervisor() -> None:
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SUPERVISOR, stdout=asyncio.subprocess.PIPE
    )
    assert supervisor.stdout is not None
    child = int(await supervisor.stdout.readline())
    assert _runs(child)
    supervisor.kill()
    await supervisor.wait()
    assert await _gone(child)


async def test_unresponsive_process_is_killed() -> None:
    process = Process(name="stubborn", command=[sys.executable, "-c", STUBBORN], stop_seconds=0.3)

    async def said_up() -> bool:
        return "up" in process.tail

    await process.start()
    await process.wait_until(said_up, seconds=10)
    await process.stop()
    assert process.returncode == -signal.SIGKILL


async def test_unrequested_end_is_a_crash_and_a_stop_is_not() -> None:
    crashes: list[Process] = []
    process = Process(name="sleeper", command=["sleep", "60"])
    process.on_crash = crashes.append
    await process.start()
    await process.stop()
    await process.start()
    await process.kill()
    assert crashes == []
    await process.start()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert crashes == [process]


async def test_output_goes_to_the_named_file(tmp_path: Path) -> None:
    process = Process(name="talker", command=["sh", "-c", "echo this; echo that >&2"])
    process.output = tmp_path / "talker.log"
    for _ in range(2):
        await process.start()
        assert await process.wait() == 0
    assert process.output.read_text() == "this\nthat\n" * 2
    assert not process.tail


async def test_failed_command_is_reported_with_its_last_lines() -> None:
    process = Process(name="migrate", command=["sh", "-c", "echo no such table; exit 3"])
    with pytest.raises(PartFailed, match=r"migrate failed \(exit 3\)") as caught:
        await run_to_end(process, seconds=10)
    assert caught.value.tail == ("no such table",)


@pytest.mark.parametrize("exempt", [{}, {"no_proxy": "example.com"}, {"NO_PROXY": "example.com"}])
async def test_proxy_is_not_used_for_loopback(exempt: dict[str, str]) -> None:
    unreachable = "http://127.0.0.1:9"
    environment = {"HTTP_PROXY": unreachable, "http_proxy": unreachable, "ALL_PROXY": unreachable, **exempt}
    with fake_http_server(lambda _path, _headers: (200, {})) as neighbour:
        ask = f"import httpx2; httpx2.get({neighbour!r}).raise_for_status()"
        process = Process(name="ask", command=[sys.executable, "-c", ask], env=without_proxy(environment))
        await run_to_end(process, seconds=20)
    assert set(exempt.values()) <= set(without_proxy(exempt)["no_proxy"].split(","))


async def test_other_systems_than_linux_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(StackError, match="Linux only"):
        await Process(name="child", command=["true"]).start()
