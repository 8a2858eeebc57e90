"""The programs that checking charts needs, each of a version that is pinned here, kept in .local/tools."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".local" / "tools"

# Built from source by Go, which checks what it downloads against its checksum database.
HELM = "v3.21.4"
ENVOY_GATEWAY = "v1.8.0"
# What the charts are rendered for: Helm built that way believes in a very old one.
KUBERNETES = "1.34.0"


class ToolMissing(Exception):
    """A program is not there and cannot be made; the message says what to install."""


def helm() -> Path:
    """Helm, built in about a minute the first time. Raises ToolMissing."""
    return _built("helm", HELM, "helm.sh/helm/v3/cmd/helm")


def egctl() -> Path:
    """Envoy Gateway's own tool, built in several minutes the first time. Raises ToolMissing."""
    # Without C: of what it brings along for images, parts need headers that are seldom there.
    options = ("-tags", "exclude_graphdriver_btrfs,containers_image_openpgp")
    return _built("egctl", ENVOY_GATEWAY, "github.com/envoyproxy/gateway/cmd/egctl", *options)


def _built(name: str, version: str, module: str, *options: str) -> Path:
    program = TOOLS / f"{name}-{version}"
    if not program.exists():
        go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
        if go is None:
            raise ToolMissing(f"please install Go (1.26 or newer), which builds {name}")
        TOOLS.mkdir(parents=True, exist_ok=True)
        # Made under the name that Go gives it, then put in its place at once.
        environment = {"GOBIN": str(TOOLS), "CGO_ENABLED": "0"}
        run(go, "install", *options, f"{module}@{version}", environment=environment)
        (TOOLS / name).rename(program)
    return program


def promtool() -> Path:
    """Prometheus' own checker: the one on the path, or Debian's, which is unpacked and not installed.

    Raises:
        ToolMissing: neither is to be had.
    """
    found = shutil.which("promtool")
    if found:
        return Path(found)
    program = TOOLS / "prometheus" / "usr" / "bin" / "promtool"
    if not program.exists():
        if shutil.which("apt-get") is None:
            raise ToolMissing("please install promtool, which comes with Prometheus")
        folder = TOOLS / "prometheus"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run("apt-get", "download", "-q", "prometheus", folder=folder)
        except subprocess.CalledProcessError:
            # A machine that was just made has no lists of packages.
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
    """What a program prints; raises CalledProcessError, which holds what it said."""
    return subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        input=input_text,
    ).stdout


def said(error: subprocess.CalledProcessError, *, without: Sequence[str] = ()) -> str:
    """What a program said when it failed, without lines that hold any of these words."""
    lines = f"{error.stdout}\n{error.stderr}".splitlines()
    return "\n".join(line for line in lines if line.strip() and not any(word in line for word in without))
