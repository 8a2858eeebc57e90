"""Docker compose from the build to a report and down again, as the README describes it.

These tests build images and need a Docker engine, so they are not part of `make test`. Run `make
test-compose`.
"""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from local_stack.demo import sample_resume

from tests.support.http.api_client import ApiClient
from tests.support.stacks.compose import Compose

# Building three images and starting everything on two cores takes about two minutes.
pytestmark = pytest.mark.timeout(600)
SERVICES = ("request-api", "results-api", "analyzer")


def test_containers_are_healthy_and_jobs_succeeded(compose: Compose) -> None:
    containers = {each["Service"]: each for each in compose.containers()}
    jobs = {"acls", "topics", "gateway-config", *(f"{service}-migrate" for service in SERVICES)}
    assert jobs < set(containers)
    for name, container in containers.items():
        if name in jobs:
            assert (container["State"], container["ExitCode"]) == ("exited", 0), container
        else:
            assert (container["State"], container["Health"]) == ("running", "healthy"), container


def test_demo_completes_through_the_gateway(compose: Compose) -> None:
    demo = subprocess.run(
        [sys.executable, "-m", "local_stack.demo"],
        env={**os.environ, "GATEWAY": compose.url, "TOKEN": compose.token()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stdout.splitlines()[-1].startswith("demo: completed overall=")


def test_containers_run_unprivileged_on_read_only_file_systems(compose: Compose) -> None:
    for service in SERVICES:
        script = "import os; print(os.getuid(), os.access('/opt/venv', os.W_OK), os.access('/tmp', os.W_OK))"
        assert compose("exec", "--no-TTY", service, "python", "-c", script).split() == [
            "10001",
            "False",
            "True",
        ]
        touch = ["exec", "--no-TTY", "--user", "0", service, "python", "-c", "open('/opt/x', 'w')"]
        with pytest.raises(AssertionError, match="Read-only file system"):
            compose(*touch)


def test_image_has_only_its_own_service_and_no_tools(compose: Compose) -> None:
    script = (
        "import importlib.util as u, shutil; print([n for n in "
        "('request_api', 'results_api', 'analyzer', 'pip', 'hatchling', 'pytest', 'local_stack')"
        " if u.find_spec(n)], [n for n in ('gcc', 'cc', 'make', 'curl') if shutil.which(n)])"
    )
    for service in SERVICES:
        found = compose("exec", "--no-TTY", service, "python", "-c", script).strip()
        assert found == f"{[service.replace('-', '_')]} []"


async def test_accepted_analysis_survives_a_restart_of_everything(compose: Compose, tmp_path: Path) -> None:
    user = str(uuid4())
    client = ApiClient(url=compose.url, token=compose.token(USER_ID=user))
    resume = sample_resume.write(tmp_path / "resume.pdf")
    analysis = await client.analyze_for_sure(await client.new_resume(resume.name, resume.read_bytes()))
    await client.close()
    compose("down", "--timeout", "30")
    compose("up", "--wait")
    # The issuer has a new key, so the user needs a new token.
    client = ApiClient(url=compose.url, token=compose.token(USER_ID=user))
    ended = await client.ended(analysis)
    await client.close()
    assert ended["status"] == "completed"
