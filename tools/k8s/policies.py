"""What every rendered set of objects must keep, beyond being valid."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools.k8s.render import Object

Objects = Sequence[Object]

_WORKLOADS = ("Deployment", "Job")
# Of a stop, what open requests get before DRAIN_SECONDS begin (`chassis.http.app.serve`).
_OPEN_REQUESTS_SECONDS = 5
_USER = 10001


def problems(objects: Objects) -> list[str]:
    """A line for each breach: the object, and what it lacks."""
    return [line for policy in POLICIES for line in policy(objects)]


def is_restricted(objects: Objects) -> Iterator[str]:
    """As the Pod Security Standard `restricted`, with a root file system that cannot be written to."""
    for one, pod in _pods(objects):
        security = pod.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or security.get("runAsUser") != _USER:
            yield f"{_name(one)}: does not run as user {_USER}"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{_name(one)}: has no seccomp profile"
        if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{_name(one)}: shares something with its node"
        if any("hostPath" in volume for volume in pod.get("volumes", ())):
            yield f"{_name(one)}: mounts a path of its node"
        for container in _containers(pod):
            security = container.get("securityContext", {})
            if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
                yield f"{_name(one)}: {container['name']} may gain privileges"
            if security.get("readOnlyRootFilesystem") is not True:
                yield f"{_name(one)}: {container['name']} may write to its root file system"
            capabilities = security.get("capabilities", {})
            if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
                yield f"{_name(one)}: {container['name']} keeps capabilities"


def has_no_token(objects: Objects) -> Iterator[str]:
    """Nobody may ask the API server, and no Service's variables pass for settings."""
    accounts = {one["metadata"]["name"]: one for one in objects if one["kind"] == "ServiceAccount"}
    for one, pod in _pods(objects):
        account = accounts.get(pod.get("serviceAccountName", ""))
        if account is None:
            yield f"{_name(one)}: its service account is not made here"
        elif account.get("automountServiceAccountToken") is not False:
            yield f"{_name(account)}: hands out its token"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{_name(one)}: mounts a token"
        if pod.get("enableServiceLinks") is not False:
            yield f"{_name(one)}: takes variables of Services"


def has_limits(objects: Objects) -> Iterator[str]:
    """Requests and limits, of CPU and memory."""
    for one, pod in _pods(objects):
        for container in _containers(pod):
            resources = container.get("resources", {})
            for kind in ("requests", "limits"):
                lacking = {"cpu", "memory"} - resources.get(kind, {}).keys()
                if lacking:
                    yield f"{_name(one)}: {container['name']} has no {kind} of {', '.join(sorted(lacking))}"
        for volume in pod.get("volumes", ()):
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{_name(one)}: {volume['name']} may fill the node's disk"


def has_probes(objects: Objects) -> Iterator[str]:
    """Of start, life and readiness."""
    for one, pod in _pods(objects, "Deployment"):
        for container in _containers(pod):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe not in container:
                    yield f"{_name(one)}: {container['name']} has no {probe}"


def has_disruption_budget(objects: Objects) -> Iterator[str]:
    """For each Deployment, and its pods are spread."""
    budgets = [one for one in objects if one["kind"] == "PodDisruptionBudget"]
    for one, pod in _pods(objects, "Deployment"):
        if not any(_selects(budget["spec"]["selector"], _labels(one)) for budget in budgets):
            yield f"{_name(one)}: has no PodDisruptionBudget"
        if not pod.get("topologySpreadConstraints"):
            yield f"{_name(one)}: is not spread"


def has_pinned_images(objects: Objects) -> Iterator[str]:
    """With a tag or digest, and never `latest`."""
    for one, pod in _pods(objects):
        for container in _containers(pod):
            image = container.get("image", "")
            _, _, tag = image.rpartition("/")[2].partition(":")
            if "@sha256:" not in image and tag in ("", "latest"):
                yield f"{_name(one)}: nobody can say what {image or 'no image'} is"


def has_network_policy(objects: Objects) -> Iterator[str]:
    """Each pod is denied everything by one policy, and allowed what it needs by another."""
    policies = [one["spec"] for one in objects if one["kind"] == "NetworkPolicy"]
    both = {"Ingress", "Egress"}
    for one, _ in _pods(objects):
        mine = [
            policy
            for policy in policies
            if _selects(policy["podSelector"], _labels(one)) and both <= set(policy["policyTypes"])
        ]
        if not any(not policy.get("ingress") and not policy.get("egress") for policy in mine):
            yield f"{_name(one)}: no NetworkPolicy denies everything"
        if not any(policy.get("egress") for policy in mine):
            yield f"{_name(one)}: no NetworkPolicy is its own"
        for policy in mine:
            for rule in policy.get("egress", ()):
                if not rule.get("to") or not rule.get("ports"):
                    yield f"{_name(one)}: may reach anything, or any port"


def has_time_to_stop(objects: Objects) -> Iterator[str]:
    """The pod's grace covers the wait before SIGTERM, open requests and the drain."""
    for one, pod in _pods(objects, "Deployment"):
        for container in _containers(pod):
            wait = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            drain = next(
                (float(env["value"]) for env in container["env"] if env["name"].endswith("_DRAIN_SECONDS")),
                None,
            )
            if drain is None:
                yield f"{_name(one)}: is not told how long a stop may take"
            elif pod.get("terminationGracePeriodSeconds", 30) < wait + _OPEN_REQUESTS_SECONDS + drain:
                yield f"{_name(one)}: would be killed while it drains"


def has_no_secrets(objects: Objects) -> Iterator[str]:
    """Passwords and keys come from Secrets, and no Secret is made of values."""
    for one in objects:
        if one["kind"] == "Secret":
            yield f"{_name(one)}: holds what stands in somebody's values"
    for one, pod in _pods(objects):
        for container in _containers(pod):
            for env in container.get("env", ()):
                is_secret = re.search(r"(PASSWORD|SECRET|API_KEY|TOKEN)$", env["name"])
                if is_secret and env.get("value"):
                    yield f"{_name(one)}: {env['name']} stands in plain text"
                if re.search(r"://[^/@]*:(?!\$\()[^/@]*@", env.get("value") or ""):
                    yield f"{_name(one)}: {env['name']} holds a password in plain text"


def refers_to_what_is_there(objects: Objects) -> Iterator[str]:
    """What selects or is about another object finds it."""
    there = {(one["kind"], one["metadata"]["name"]) for one in objects}
    if len(there) < len(objects):
        yield "two objects have the same kind and name"
    pods = [_labels(one) for one, _ in _pods(objects, "Deployment")]
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "Service" and not any(
            _selects({"matchLabels": spec["selector"]}, pod) for pod in pods
        ):
            yield f"{_name(one)}: selects nothing"
        for ref in spec.get("targetRefs", ()):
            if (ref["kind"], ref["name"]) not in there:
                yield f"{_name(one)}: is about {ref['kind']} {ref['name']}, which is not there"


def is_scaled_by_one(objects: Objects) -> Iterator[str]:
    """What scales finds its Deployment, which does not say itself how many it wants."""
    deployments = {one["metadata"]["name"]: one for one in objects if one["kind"] == "Deployment"}
    for one in objects:
        target = one.get("spec", {}).get("scaleTargetRef")
        if target and target["name"] not in deployments:
            yield f"{_name(one)}: scales nothing"
        elif target and "replicas" in deployments[target["name"]]["spec"]:
            yield f"{_name(one)}: its Deployment has replicas of its own"


def leads_somewhere(objects: Objects) -> Iterator[str]:
    """Each route to a Service of this namespace, and to one of its ports."""
    services = {one["metadata"]["name"]: one for one in objects if one["kind"] == "Service"}
    for one in objects:
        if one["kind"] != "HTTPRoute":
            continue
        for backend in (ref for rule in one["spec"]["rules"] for ref in rule.get("backendRefs", ())):
            service = services.get(backend["name"])
            ports = [port["port"] for port in service["spec"]["ports"]] if service else []
            if "namespace" not in backend and backend["port"] not in ports:
                yield f"{_name(one)}: leads to {backend['name']}:{backend['port']}, which is not there"


POLICIES: Sequence[Callable[[Objects], Iterator[str]]] = (
    is_restricted,
    has_no_token,
    has_limits,
    has_probes,
    has_disruption_budget,
    has_pinned_images,
    has_network_policy,
    has_time_to_stop,
    has_no_secrets,
    refers_to_what_is_there,
    is_scaled_by_one,
    leads_somewhere,
)


def _pods(objects: Objects, *kinds: str) -> Iterator[tuple[Object, dict[str, Any]]]:
    for one in objects:
        if one["kind"] in (kinds or _WORKLOADS):
            yield one, one["spec"]["template"]["spec"]


def _containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", ()), *pod["containers"]]


def _labels(one: Object) -> dict[str, str]:
    labels: dict[str, str] = one["spec"]["template"]["metadata"].get("labels", {})
    return labels


def _selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items() and not selector.get("matchExpressions")


def _name(one: Object) -> str:
    return f"{one['kind']} {one['metadata']['name']}"
