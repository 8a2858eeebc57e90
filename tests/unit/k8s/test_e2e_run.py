"""The end of a run of `make k8s-e2e`: it deletes what it created, and no more. kind is a script here."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from local_stack.issuer import has_key

from tools.k8s.e2e import __main__ as e2e
from tools.k8s.e2e import commands

Done = Callable[[], list[str]]

_KIND = """#!/bin/sh
echo "$1 $2" >> "$LOG"
case "$1" in
get) echo "another $CLUSTERS" ;;
create) echo "no room for nodes"; exit 1 ;;
delete) echo "no way to delete"; exit "$DELETED" ;;
esac
"""


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Done:
    """Return the commands that kind got. There is no cluster, and it fails to create one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "kind").write_text(_KIND)
    (programs / "kind").chmod(0o755)
    log = tmp_path / "log"
    for name, value in {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "LOG": str(log),
        "CLUSTERS": "",
        "DELETED": "0",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(e2e, "KEPT_ISSUER", tmp_path / "kept")
    return lambda: log.read_text().splitlines()


async def test_cluster_of_an_earlier_run_is_not_deleted(
    done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLUSTERS", commands.CLUSTER)

    assert await e2e.main("HEAD", keep=False) == 1
    assert done() == ["get clusters"]
    assert "kind delete cluster --name resume-review-e2e" in capsys.readouterr().err


async def test_half_created_cluster_is_deleted(done: Done) -> None:
    assert await e2e.main("HEAD", keep=False) == 1
    assert done() == ["get clusters", "create cluster", "delete cluster"]


async def test_first_error_is_shown_if_the_deletion_fails_too(
    done: Done, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DELETED", "1")

    assert await e2e.main("HEAD", keep=False) == 1
    errors = capsys.readouterr().err
    assert errors.index("no room for nodes") < errors.index("no way to delete")


async def test_kept_cluster_is_not_deleted_and_its_key_stays(done: Done, tmp_path: Path) -> None:
    assert await e2e.main("HEAD", keep=True) == 1
    assert done() == ["get clusters", "create cluster"]
    assert has_key(tmp_path / "kept")
