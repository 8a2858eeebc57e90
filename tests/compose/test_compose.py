"""Docker compose from the build to a report and down again, as the README describes it.

These tests build images and need a Docker engine, so they are not part of `make test`. Run `make
test-compose`.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from local_stack.demo import sample_resume
from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, Ports, free_ports

from tests.support.http.api_client import ApiClient

# Building three images and starting everything on two cores takes about two minutes.
pytestmark = pytest.mark.timeout(600)
COMPOSE = Path(sys.executable).with_name("docker-compose")
SERVICES = ("request-api", "results-api", "analyzer")


class Compose:
    """Run docker compose with a separate project name, on port 8080 if it is free."""

    def __init__(self) -> None:
        port = free_ports(1)[0] if "gateway" in Ports().busy() else Ports().gateway
        self.url = f"http://{LOOPBACK}:{port}"
        # The highest limit of open files that this machine allows.
        files = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        self._environment = {**os.environ, "GATEWAY_PORT": str(port), "GATEWAY_FILES": str(files)}

    def __call__(self, *arguments: str) -> str:
        """Run a command, which has to succeed, and return its output."""
        done = subprocess.run(
            [COMPOSE, "--project-name", "resume-review-test", "--progress", "quiet", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}{self._logs()}"
        return done.stdout

    def _logs(self) -> str:
        command = [str(COMPOSE), "--project-name", "resume-review-test", "logs", "--tail", "20"]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        ).stdout

    def token(self, **who: str) -> str:
        """Create a token as described in the README."""
        variables = [word for name, value in who.items() for word in ("--env", f"{name}={value}")]
        return self("exec", "--no-TTY", *variables, "issuer", "python", "-m", "local_stack.token").strip()

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return the state of each container by the name of its service."""
        found = [json.loads(line) for line in self("ps", "--all", "--format", "json").splitlines()]
        return {each["Service"]: each for each in found}


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    compose = Compose()
    try:
        compose("up", "--build", "--wait")
        yield compose
    finally:
        compose("down", "--volumes", "--timeout", "10")


def test_containers_are_healthy_and_jobs_succeeded(compose: Compose) -> None:
    containers = compose.containers()
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
