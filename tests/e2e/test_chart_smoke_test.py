"""The script that `helm test` runs, against the system behind its gateway."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import uuid4

from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/helm/resume-review/files/smoke_test.py"


async def smoke_test(url: str, token: str) -> tuple[int | None, str]:
    """Run the script and return its exit code and output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, SCRIPT),
        env={
            **os.environ,
            "SMOKE_TEST_TOKEN": token,
            "SMOKE_TEST_REQUESTS_URL": url,
            "SMOKE_TEST_RESULTS_URL": url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


async def test_working_system_passes_twice_and_nothing_is_left_but_the_candidate(stack: Stack) -> None:
    token = stack.token(role="junior_recruiter", user_id=uuid4())
    for _ in range(2):
        code, printed = await smoke_test(stack.url, token)
        assert (code, printed.splitlines()[-1]) == (0, "smoke test: passed"), printed
    caller = ApiClient(url=stack.url, token=token)
    assert (await caller.http.get("/api/v1/candidates")).json()["total_count"] == 1
    assert (await caller.http.get("/api/v1/resume_upload")).json()["total_count"] == 0
    await caller.close()


async def test_first_failed_step_is_named(stack: Stack) -> None:
    code, printed = await smoke_test(stack.url, "no token")
    assert (code, printed.startswith("list candidates: 401")) == (1, True), printed
    code, printed = await smoke_test("http://127.0.0.1:1", "no token")
    assert (code, printed) == (1, "list candidates: ConnectError at http://127.0.0.1:1\n")
