"""The parts of `make k8s-e2e`, without a cluster."""

import re
import shlex
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from local_stack.paths import ROOT

from tools.k8s.e2e import cluster, commands

WORK = Path("/work")


def _lines() -> list[str]:
    steps = [*commands.set_up("abc", WORK, "t"), *commands.events(WORK, "node-2")]
    return [shlex.join(command) for step in steps for command in step.commands]


def test_missing_programs_are_named_with_their_versions() -> None:
    assert commands.missing_programs(lambda name: None if name == "kind" else f"/bin/{name}") == [
        "Install kind (0.30 or newer): make k8s-e2e creates a cluster with it."
    ]


def test_servers_are_awaited_as_documented() -> None:
    documented = re.findall(r"(?m)^kubectl .* wait .*$", (ROOT / "docs/operations/install.md").read_text())

    # The quotes of a shell do not count.
    assert {" ".join(shlex.split(line)) for line in documented} <= {
        " ".join(shlex.split(line)) for line in _lines()
    }
    assert len(documented) == 4


def test_secrets_are_those_that_are_documented() -> None:
    text = (ROOT / "deploy/helm/resume-review-infra/README.md").read_text()
    created = {
        match[1]
        for line in _lines()
        if (match := re.search(r"secret generic (\S+) --type=\S*basic-auth", line))
    }

    assert len(created) == 6
    assert all(f"`{name}`" in text for name in created)


def test_readers_are_upgraded_first_and_rolled_back_last() -> None:
    installs = [
        (("/work/old/" in line), re.findall(r"--set (\S+)", line))
        for line in _lines()
        if "install resume-review " in line
    ]

    old, mixed, new = ["image.tag=old"], ["image.tag=new", "requestApi.tag=old"], ["image.tag=new"]
    assert installs == [(True, old), (False, mixed), (False, new), (False, mixed), (True, old)]


def test_each_service_is_restarted_and_the_node_comes_back() -> None:
    words = " ".join(_lines())

    for service in commands.SERVICES:
        assert f"rollout restart deployment/{service} kubectl -n resume-review rollout status" in words
    assert words.index("drain node-2") < words.index("uncordon node-2")


DEPLOYMENT: dict[str, Any] = {
    "metadata": {"name": "request-api", "generation": 3},
    "spec": {"replicas": 2},
    "status": {"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2},
}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda _: None, []),
        (lambda one: one["status"].update(availableReplicas=1), ["request-api"]),
        (lambda one: one["status"].update(updatedReplicas=1), ["request-api"]),
        (lambda one: one["status"].update(replicas=3), ["request-api"]),
        (lambda one: one["status"].update(observedGeneration=2), ["request-api"]),
        (lambda one: one.pop("status"), ["request-api"]),
    ],
    ids=["settled", "not available", "not updated", "one too many", "not seen", "new"],
)
def test_deployment_has_settled_with_all_its_pods(
    change: Callable[[dict[str, Any]], object], left: list[str]
) -> None:
    one = deepcopy(DEPLOYMENT)
    change(one)

    assert cluster.not_settled({"items": [one]}) == left


def _pod(service: str, node: str, *, phase: str = "Running", **metadata: str) -> dict[str, Any]:
    return {
        "metadata": {"labels": {"app.kubernetes.io/name": service}, **metadata},
        "spec": {"nodeName": node},
        "status": {"phase": phase},
    }


def test_services_whose_pods_share_a_node_are_found() -> None:
    pods = [
        _pod("request-api", "a"),
        _pod("request-api", "b"),
        _pod("results-api", "a"),
        _pod("results-api", "a"),
        _pod("results-api", "b", deletionTimestamp="2026-11-30T00:00:00Z"),
        _pod("request-api-migration", "a", phase="Succeeded"),
        _pod("analyzer", "a"),
    ]

    assert cluster.on_one_node({"items": pods}) == ["results-api"]


def test_busiest_worker_is_never_the_control_plane() -> None:
    nodes = ("x-control-plane", "x-control-plane", "x-worker", "x-worker2", "x-worker2")

    assert cluster.busiest_worker({"items": [_pod("analyzer", node) for node in nodes]}) == "x-worker2"
