"""Policies that every rendered set of objects has to follow, in addition to the schemas."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools.k8s.render import Object

Objects = Sequence[Object]

_WORKLOADS = ("Deployment", "Job")
# The time for open requests during shutdown, before DRAIN_SECONDS begin (`chassis.http.server.serve`).
_OPEN_REQUESTS_SECONDS = 5
_USER = 10001


def problems(objects: Objects) -> list[str]:
    """Return one line per violation, with the object and the reason."""
    return [line for policy in POLICIES for line in policy(objects)]


def is_restricted(objects: Objects) -> Iterator[str]:
    """Pods follow the Pod Security Standard `restricted` and have a read-only root file system."""
    for one, pod in _pods(objects):
        security = pod.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or security.get("runAsUser") != _USER:
            yield f"{_name(one)}: does not run as user {_USER}"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{_name(one)}: has no seccomp profile"
        if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{_name(one)}: shares a namespace with its node"
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
    """Pods have no access to the API server and no variables of Services."""
    accounts = {one["metadata"]["name"]: one for one in objects if one["kind"] == "ServiceAccount"}
    for one, pod in _pods(objects):
        account = accounts.get(pod.get("serviceAccountName", ""))
        if account is None:
            yield f"{_name(one)}: its service account does not exist"
        elif account.get("automountServiceAccountToken") is not False:
            yield f"{_name(account)}: hands out its token"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{_name(one)}: mounts a token"
        if pod.get("enableServiceLinks") is not False:
            yield f"{_name(one)}: takes variables of Services"


def has_limits(objects: Objects) -> Iterator[str]:
    """Containers have requests and limits of CPU and memory, and temporary volumes have a limit."""
    for one, pod in _pods(objects):
        for container in _containers(pod):
            resources = container.get("resources", {})
            for kind in ("requests", "limits"):
                lacking = {"cpu", "memory"} - resources.get(kind, {}).keys()
                if lacking:
                    yield f"{_name(one)}: {container['name']} has no {kind} of {', '.join(sorted(lacking))}"
        for volume in pod.get("volumes", ()):
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{_name(one)}: {volume['name']} may fill the disk of the node"


def has_probes(objects: Objects) -> Iterator[str]:
    """Containers have startup, liveness and readiness probes."""
    for one, pod in _pods(objects, "Deployment"):
        for container in _containers(pod):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe not in container:
                    yield f"{_name(one)}: {container['name']} has no {probe}"


def has_disruption_budget(objects: Objects) -> Iterator[str]:
    """Each Deployment has a disruption budget, and its pods are spread over nodes."""
    budgets = [one for one in objects if one["kind"] == "PodDisruptionBudget"]
    for one, pod in _pods(objects, "Deployment"):
        if not any(_selects(budget["spec"]["selector"], _labels(one)) for budget in budgets):
            yield f"{_name(one)}: has no PodDisruptionBudget"
        keys = [each["topologyKey"] for each in pod.get("topologySpreadConstraints", ())]
        if "kubernetes.io/hostname" not in keys:
            yield f"{_name(one)}: is not spread over nodes"


def servers_are_spread(objects: Objects) -> Iterator[str]:
    """Brokers and instances of PostgreSQL are spread over nodes, whatever labels the nodes have."""
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "KafkaNodePool":
            pod = spec.get("template", {}).get("pod", {})
            keys = [each["topologyKey"] for each in pod.get("topologySpreadConstraints", ())]
        elif one["kind"] == "Cluster":
            keys = [spec.get("affinity", {}).get("topologyKey")]
        else:
            continue
        if "kubernetes.io/hostname" not in keys:
            yield f"{_name(one)}: is not spread over nodes"


def has_pinned_images(objects: Objects) -> Iterator[str]:
    """Images have a digest or a tag other than `latest`."""
    for one, pod in _pods(objects):
        for container in _containers(pod):
            image = container.get("image", "")
            _, _, tag = image.rpartition("/")[2].partition(":")
            if "@sha256:" not in image and tag in ("", "latest"):
                yield f"{_name(one)}: the image {image or '(none)'} is not pinned"


def has_network_policy(objects: Objects) -> Iterator[str]:
    """For each pod, one policy denies everything and another allows what it needs."""
    policies = [one["spec"] for one in objects if one["kind"] == "NetworkPolicy"]
    both = {"Ingress", "Egress"}
    for one, _ in _pods(objects):
        selected = [
            policy
            for policy in policies
            if _selects(policy["podSelector"], _labels(one)) and both <= set(policy["policyTypes"])
        ]
        if not any(not policy.get("ingress") and not policy.get("egress") for policy in selected):
            yield f"{_name(one)}: no NetworkPolicy denies everything"
        if not any(policy.get("egress") for policy in selected):
            yield f"{_name(one)}: no NetworkPolicy allows its traffic"
        for policy in selected:
            for rule in policy.get("egress", ()):
                if not rule.get("to") or not rule.get("ports"):
                    yield f"{_name(one)}: may reach any address or any port"


def has_time_to_stop(objects: Objects) -> Iterator[str]:
    """The termination grace period covers the shutdown delay, open requests and the drain."""
    for one, pod in _pods(objects, "Deployment"):
        for container in _containers(pod):
            wait, drain = (
                next((float(each["value"]) for each in container["env"] if each["name"].endswith(name)), None)
                for name in ("_SHUTDOWN_DELAY_SECONDS", "_DRAIN_SECONDS")
            )
            if drain is None:
                yield f"{_name(one)}: has no drain time"
            elif pod.get("terminationGracePeriodSeconds", 30) < (wait or 0) + _OPEN_REQUESTS_SECONDS + drain:
                yield f"{_name(one)}: would be killed while it drains"


def has_no_secrets(objects: Objects) -> Iterator[str]:
    """Passwords and keys come from Secrets, and no Secret is rendered from values."""
    for one in objects:
        if one["kind"] == "Secret":
            yield f"{_name(one)}: is rendered from values"
    for one, pod in _pods(objects):
        for container in _containers(pod):
            for env in container.get("env", ()):
                is_secret = re.search(r"(PASSWORD|SECRET|API_KEY|TOKEN)$", env["name"])
                if is_secret and env.get("value"):
                    yield f"{_name(one)}: {env['name']} is in plain text"
                if re.search(r"://[^/@]*:(?!\$\()[^/@]*@", env.get("value") or ""):
                    yield f"{_name(one)}: {env['name']} contains a password in plain text"


def refers_to_existing_objects(objects: Objects) -> Iterator[str]:
    """Selectors and target references match existing objects."""
    existing = {(one["kind"], one["metadata"]["name"]) for one in objects}
    if len(existing) < len(objects):
        yield "two objects have the same kind and name"
    pods = [_labels(one) for one, _ in _pods(objects, "Deployment")]
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "Service" and not any(
            _selects({"matchLabels": spec["selector"]}, pod) for pod in pods
        ):
            yield f"{_name(one)}: selects nothing"
        for ref in spec.get("targetRefs", ()):
            if (ref["kind"], ref["name"]) not in existing:
                yield f"{_name(one)}: refers to {ref['kind']} {ref['name']}, which does not exist"


def is_scaled_by_autoscaler(objects: Objects) -> Iterator[str]:
    """Autoscalers target an existing Deployment that has their minimum of replicas from the start."""
    deployments = {one["metadata"]["name"]: one for one in objects if one["kind"] == "Deployment"}
    for one in objects:
        target = one.get("spec", {}).get("scaleTargetRef")
        if target and target["name"] not in deployments:
            yield f"{_name(one)}: scales nothing"
        elif target and deployments[target["name"]]["spec"].get("replicas", 1) < _minimum(one["spec"]):
            yield f"{_name(one)}: its Deployment starts with fewer replicas than its minimum"


def _minimum(autoscaler: dict[str, Any]) -> int:
    """Return the minimum of a HorizontalPodAutoscaler or of KEDA's ScaledObject."""
    return int(autoscaler.get("minReplicas", autoscaler.get("minReplicaCount", 1)))


def routes_lead_to_services(objects: Objects) -> Iterator[str]:
    """Routes lead to an existing Service and one of its ports."""
    services = {one["metadata"]["name"]: one for one in objects if one["kind"] == "Service"}
    for one in objects:
        if one["kind"] != "HTTPRoute":
            continue
        for backend in (ref for rule in one["spec"]["rules"] for ref in rule.get("backendRefs", ())):
            service = services.get(backend["name"])
            ports = [port["port"] for port in service["spec"]["ports"]] if service else []
            if "namespace" not in backend and backend["port"] not in ports:
                yield f"{_name(one)}: leads to {backend['name']}:{backend['port']}, which does not exist"


POLICIES: Sequence[Callable[[Objects], Iterator[str]]] = (
    is_restricted,
    has_no_token,
    has_limits,
    has_probes,
    has_disruption_budget,
    servers_are_spread,
    has_pinned_images,
    has_network_policy,
    has_time_to_stop,
    has_no_secrets,
    refers_to_existing_objects,
    is_scaled_by_autoscaler,
    routes_lead_to_services,
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
