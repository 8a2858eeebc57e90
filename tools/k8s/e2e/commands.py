"""The commands of `make k8s-e2e`, as docs/operations has them."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.k8s.programs import ROOT
from tools.k8s.render import NAMESPACE

# The versions that this was written for (deploy/helm/schemas has those of the charts' objects).
PROGRAMS = {"docker": "28", "kind": "0.30", "kubectl": "1.34", "helm": "3.21"}
NODE_IMAGE = "kindest/node:v1.34.0"
CLOUDNATIVE_PG = "1.27.0"
STRIMZI = "1.2.0"
ENVOY_GATEWAY = "v1.8.0"

CLUSTER = "resume-review-e2e"
SERVICES = ("request-api", "results-api", "analyzer")
HERE = Path(__file__).parent
VALUES, INFRA_VALUES, OBJECTS = HERE / "values.yaml", HERE / "infra.yaml", HERE / "objects.yaml"

Command = tuple[str, ...]
OLD, NEW = "old", "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of the run: a title and its commands."""

    title: str
    commands: tuple[Command, ...]


def missing_programs(which: Callable[[str], str | None]) -> list[str]:
    """Return a sentence for each program that is not installed."""
    return [
        f"Install {name} ({version} or newer): make k8s-e2e creates a cluster with it."
        for name, version in PROGRAMS.items()
        if which(name) is None
    ]


def set_up(commit: str, work: Path, token: str) -> Iterator[Step]:
    """Yield the steps from nothing to the services at `commit`, which are ready for load."""
    create = ("kind", "create", "cluster", "--name", CLUSTER, "--image", NODE_IMAGE)
    taint = ("taint", "node", f"{CLUSTER}-control-plane", "node-role.kubernetes.io/control-plane:NoSchedule-")
    yield _step(
        "a cluster with three nodes",
        (*create, "--config", str(HERE / "kind.yaml"), "--wait", "5m"),
        _kubectl(*taint),
    )
    yield _step("operators", *_operators())
    archive = str(work / "old.tar")
    yield _step(
        f"images of {commit} and of this working tree",
        ("git", "-C", str(ROOT), "archive", "--output", archive, commit),
        ("mkdir", "-p", str(work / OLD)),
        ("tar", "-xf", archive, "-C", str(work / OLD)),
        *_images(OLD, work / OLD),
        *_images(NEW, ROOT),
    )
    keys = ("create", "configmap", "issuer", f"--from-file={work / 'jwks.json'}")
    yield _step(
        "secrets and an issuer",
        _kubectl("create", "namespace", NAMESPACE),
        _kubectl("label", "namespace", NAMESPACE, "pod-security.kubernetes.io/warn=restricted"),
        *_secrets(token),
        _kubectl("create", "namespace", "login"),
        _kubectl("-n", "login", *keys),
        _kubectl("apply", "-f", str(OBJECTS)),
        _kubectl("-n", "login", "rollout", "status", "deployment/issuer", "--timeout=5m"),
    )
    chart = str(ROOT / "deploy/helm/resume-review-infra")
    install = ("helm", "upgrade", "--install", "infra", chart, "-n", NAMESPACE, "-f", str(INFRA_VALUES))
    yield _step("Kafka and PostgreSQL", install, *_wait_for_servers())
    yield _step(f"the services at {commit}", _install(work / OLD, OLD))


def events(work: Path, node: str) -> Iterator[Step]:
    """Yield what happens under load: an upgrade, restarts, the drain of a node, and the way back."""
    yield _step(
        "upgrade, readers before writers",
        _install(ROOT, NEW, "--set", f"requestApi.tag={OLD}"),
        _install(ROOT, NEW),
    )
    for service in SERVICES:
        yield _step(f"rolling restart of {service}", _service("restart", service), _rolled_out(service))
    drain = ("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=15m")
    yield _step(
        f"drain of {node}",
        _kubectl(*drain),
        *(_rolled_out(service) for service in SERVICES),
        _kubectl("uncordon", node),
        *_wait_for_servers(),
    )
    yield _step(
        "the way back, writers before readers",
        _install(ROOT, NEW, "--set", f"requestApi.tag={OLD}"),
        _install(work / OLD, OLD),
    )


def chart_test() -> Command:
    """Return the command that runs the chart's own test in the cluster."""
    return ("helm", "test", "resume-review", "-n", NAMESPACE, "--timeout", "5m")


def state(kind: str) -> Command:
    """Return the command that prints the objects of a kind as JSON."""
    return _kubectl(
        "-n", NAMESPACE, "get", kind, "-l", "app.kubernetes.io/part-of=resume-review", "-o", "json"
    )


def clusters() -> Command:
    """Return the command that prints the names of this machine's clusters."""
    return ("kind", "get", "clusters")


def tear_down() -> Command:
    """Return the command that deletes the cluster."""
    return ("kind", "delete", "cluster", "--name", CLUSTER)


def _operators() -> Iterator[Command]:
    release = CLOUDNATIVE_PG.rpartition(".")[0]
    yield _kubectl(
        *("apply", "--server-side", "-f"),
        "https://raw.githubusercontent.com/cloudnative-pg/cloudnative-pg/"
        f"release-{release}/releases/cnpg-{CLOUDNATIVE_PG}.yaml",
    )
    new = ("--create-namespace", "--wait", "--timeout", "10m")
    strimzi = ("oci://quay.io/strimzi-helm/strimzi-kafka-operator", "--version", STRIMZI)
    yield ("helm", "install", "strimzi", *strimzi, "-n", "strimzi", "--set", "watchAnyNamespace=true", *new)
    gateway = ("oci://docker.io/envoyproxy/gateway-helm", "--version", ENVOY_GATEWAY)
    yield ("helm", "install", "eg", *gateway, "-n", "envoy-gateway-system", *new)
    available = ("wait", "deployment", "--all", "--for=condition=Available", "--timeout=10m")
    yield _kubectl("-n", "cnpg-system", *available)


def _images(tag: str, root: Path) -> Iterator[Command]:
    for service in SERVICES:
        image = f"resume-review/{service}:{tag}"
        dockerfile = ("-f", str(root / "services/Dockerfile"), "--build-arg", f"SERVICE={service}")
        yield ("docker", "build", "--quiet", *dockerfile, "-t", image, str(root))
        yield ("kind", "load", "docker-image", "--name", CLUSTER, image)


def _secrets(token: str) -> Iterator[Command]:
    for role in ("request_api", "results_api", "analyzer"):
        for suffix in ("", "_owner"):
            name = f"{role.replace('_', '-')}-database{suffix.replace('_', '-')}"
            values = {"username": f"{role}{suffix}", "password": secrets.token_hex(24)}
            yield _secret(name, values, "--type=kubernetes.io/basic-auth")
            yield _kubectl("-n", NAMESPACE, "label", "secret", name, "cnpg.io/reload=true")
    yield _secret("smoke-test-token", {"token": token})


def _secret(name: str, values: dict[str, str], *options: str) -> Command:
    literals = (f"--from-literal={key}={value}" for key, value in values.items())
    return _kubectl("-n", NAMESPACE, "create", "secret", "generic", name, *options, *literals)


def _wait_for_servers() -> Iterator[Command]:
    for what, condition, minutes in (
        (("kafka/events",), "condition=Ready", 15),
        (("kafkatopic,kafkauser", "--all"), "condition=Ready", 5),
        (("cluster.postgresql.cnpg.io/resume-review-db",), "condition=Ready", 15),
        (("database.postgresql.cnpg.io", "--all"), "jsonpath={.status.applied}=true", 5),
    ):
        yield _kubectl("-n", NAMESPACE, "wait", *what, f"--for={condition}", f"--timeout={minutes}m")


def _install(root: Path, tag: str, *options: str) -> Command:
    chart = str(root / "deploy/helm/resume-review")
    named = ("helm", "upgrade", "--install", "resume-review", chart, "-n", NAMESPACE, "-f", str(VALUES))
    return (*named, "--wait", "--timeout", "15m", "--set", f"image.tag={tag}", *options)


def _service(verb: str, service: str, *options: str) -> Command:
    return _kubectl("-n", NAMESPACE, "rollout", verb, f"deployment/{service}", *options)


def _rolled_out(service: str) -> Command:
    return _service("status", service, "--timeout=10m")


def _kubectl(*words: str) -> Command:
    return ("kubectl", *words)


def _step(title: str, *commands: Command) -> Step:
    return Step(title=title, commands=commands)
