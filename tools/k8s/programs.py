"""The programs for checking charts, in pinned versions, built into .local/tools."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".local" / "tools"

# Go builds them from source and verifies downloads with its checksum database.
HELM = "v3.21.4"
ENVOY_GATEWAY = "v1.8.0"
# The Kubernetes version to render for; a Helm built from source assumes a very old one.
KUBERNETES = "1.34.0"


class ToolMissing(Exception):
    """A program is missing and cannot be built; the message says what to install."""


def helm() -> Path:
    """Return the path of Helm, which takes about a minute to build. Raises ToolMissing."""
    return _built("helm", HELM, "helm.sh/helm/v3/cmd/helm")


def egctl() -> Path:
    """Return the path of egctl, which takes several minutes to build. Raises ToolMissing."""
    # Without cgo, because parts of its image support need headers that are rarely installed.
    options = ("-tags", "exclude_graphdriver_btrfs,containers_image_openpgp")
    return _built("egctl", ENVOY_GATEWAY, "github.com/envoyproxy/gateway/cmd/egctl", *options)


def _built(name: str, version: str, module: str, *options: str) -> Path:
    program = TOOLS / f"{name}-{version}"
    if not program.exists():
        go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
        if go is None:
            raise ToolMissing(f"Install Go 1.26 or newer, which builds {name}.")
        TOOLS.mkdir(parents=True, exist_ok=True)
        # Go chooses the name; the rename is atomic.
        environment = {"GOBIN": str(TOOLS), "CGO_ENABLED": "0"}
        run(go, "install", *options, f"{module}@{version}", environment=environment)
        (TOOLS / name).rename(program)
    return program


def promtool() -> Path:
    """Return the path of promtool, from PATH or from Debian's package, which is only unpacked.

    Raises:
        ToolMissing: Neither is available.
    """
    found = shutil.which("promtool")
    if found:
        return Path(found)
    program = TOOLS / "prometheus" / "usr" / "bin" / "promtool"
    if not program.exists():
        if shutil.which("apt-get") is None:
            raise ToolMissing("Install promtool, which is part of Prometheus.")
        folder = TOOLS / "prometheus"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run("apt-get", "download", "-q", "prometheus", folder=folder)
        except subprocess.CalledProcessError:
            # A new machine has no package lists.
            run("apt-get", "update", "-qq")
            run("apt-get", "download", "-q", "prometheus", folder=folder)
        (package,) = folder.glob("prometheus_*.deb")
        run("dpkg", "-x", str(package), str(folder))
    return program


def run(
    *command: str | Path,
    folder: Path = ROOT,
    environment: dict[str, str] | None = None,
    input_text: str | None = None,
) -> str:
    """Run a program and return its output. Raises CalledProcessError, which has the output."""
    return subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        input=input_text,
    ).stdout


def error_output(error: subprocess.CalledProcessError, *, without: Sequence[str] = ()) -> str:
    """Return the output of a failed program without lines that contain any of these words."""
    lines = f"{error.stdout}\n{error.stderr}".splitlines()
    return "\n".join(line for line in lines if line.strip() and not any(word in line for word in without))
