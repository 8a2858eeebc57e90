"""Questions about the state of a cluster, answered from what `kubectl get -o json` prints."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

Listed = Mapping[str, Any]
_NAME = "app.kubernetes.io/name"


def not_settled(deployments: Listed) -> list[str]:
    """Return the Deployments that do not run all their pods in the newest version."""
    return [one["metadata"]["name"] for one in deployments["items"] if not _is_settled(one)]


def _is_settled(one: Mapping[str, Any]) -> bool:
    status, wanted = one.get("status", {}), one["spec"].get("replicas", 1)
    counts = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")}
    return status.get("observedGeneration", 0) >= one["metadata"]["generation"] and counts == {wanted}


def on_one_node(pods: Listed) -> list[str]:
    """Return the services with several pods that all share one node."""
    nodes: defaultdict[str, list[str]] = defaultdict(list)
    for pod in _running(pods):
        nodes[pod["metadata"]["labels"][_NAME]].append(pod["spec"]["nodeName"])
    return sorted(name for name, several in nodes.items() if len(several) > 1 and len(set(several)) == 1)


def busiest_worker(pods: Listed) -> str:
    """Return the node with the most pods, apart from the control plane, which is the way in."""
    counts: Counter[str] = Counter(pod["spec"]["nodeName"] for pod in _running(pods))
    workers = {name: count for name, count in counts.items() if not name.endswith("control-plane")}
    return max(workers, key=lambda name: (workers[name], name))


def _running(pods: Listed) -> list[Mapping[str, Any]]:
    """Return the pods of Deployments that run and do not stop; those of Jobs have ended."""
    return [
        pod
        for pod in pods["items"]
        if pod.get("status", {}).get("phase") == "Running" and "deletionTimestamp" not in pod["metadata"]
    ]
