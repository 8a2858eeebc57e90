"""Docker compose with a project of its own."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, Ports, free_ports

_COMPOSE = Path(sys.executable).with_name("docker-compose")
# The longest time between two of Envoy's DNS queries, and a second.
SHUTDOWN_DELAY_SECONDS = 6


class Compose:
    """Run docker compose with a separate project name, on port 8080 if it is free."""

    def __init__(self) -> None:
        port = free_ports(1)[0] if "gateway" in Ports().busy() else Ports().gateway
        self.url = f"http://{LOOPBACK}:{port}"
        # The highest limit of open files that this machine allows.
        files = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        self._environment = {
            **os.environ,
            "GATEWAY_PORT": str(port),
            "GATEWAY_FILES": str(files),
            "REQUEST_API_SHUTDOWN_DELAY_SECONDS": str(SHUTDOWN_DELAY_SECONDS),
            "RESULTS_API_SHUTDOWN_DELAY_SECONDS": str(SHUTDOWN_DELAY_SECONDS),
            "REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000",
        }

    def __call__(self, *arguments: str) -> str:
        """Run a command, which has to succeed, and return its output."""
        done = subprocess.run(
            [_COMPOSE, "--project-name", "resume-review-test", "--progress", "quiet", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}{self._logs()}"
        return done.stdout

    def _logs(self) -> str:
        command = [str(_COMPOSE), "--project-name", "resume-review-test", "logs", "--tail", "20"]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        ).stdout

    def token(self, **who: str) -> str:
        """Create a token as described in the README."""
        variables = [word for name, value in who.items() for word in ("--env", f"{name}={value}")]
        return self("exec", "--no-TTY", *variables, "issuer", "python", "-m", "local_stack.token").strip()

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """Return the state of each container, or of those of some services."""
        lines = self("ps", "--all", "--format", "json", *services).splitlines()
        return [json.loads(line) for line in lines]
