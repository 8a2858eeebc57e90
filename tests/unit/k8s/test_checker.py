"""The checks of the charts detect each fault in otherwise valid objects."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tools.k8s import alerts, policies, render, schemas
from tools.k8s.render import Object


def _labels(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name}


def _pod() -> dict[str, Any]:
    return {
        "serviceAccountName": "one",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 45,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": _labels("one")},
            }
        ],
        "containers": [
            {
                "name": "one",
                "image": "registry.example.com:5000/one:1.0",
                "env": [
                    {"name": "ONE_SHUTDOWN_DELAY_SECONDS", "value": "10"},
                    {"name": "ONE_DRAIN_SECONDS", "value": "20"},
                    {"name": "ONE_DATABASE_URL", "value": "postgresql://one:$(PASSWORD)@db/one"},
                ],
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "resources": {
                    "requests": {"cpu": "1", "memory": "1Gi"},
                    "limits": {"cpu": "1", "memory": "1Gi"},
                },
                "startupProbe": {"httpGet": {"path": "/", "port": 80}},
                "livenessProbe": {"httpGet": {"path": "/", "port": 80}},
                "readinessProbe": {"httpGet": {"path": "/", "port": 80}},
            }
        ],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
    }


def _good() -> dict[str, Object]:
    """Return a Deployment and the objects that belong to it, by kind."""
    selector = {"matchLabels": _labels("one")}
    specs: dict[str, tuple[str, dict[str, Any]]] = {
        "Deployment": (
            "apps/v1",
            {
                "replicas": 2,
                "selector": selector,
                "template": {"metadata": {"labels": _labels("one")}, "spec": _pod()},
            },
        ),
        "PodDisruptionBudget": ("policy/v1", {"maxUnavailable": 1, "selector": selector}),
        "Service": ("v1", {"selector": _labels("one"), "ports": [{"port": 80}]}),
        "HorizontalPodAutoscaler": (
            "autoscaling/v2",
            {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "one"},
                "minReplicas": 2,
                "maxReplicas": 4,
            },
        ),
        "HTTPRoute": (
            "gateway.networking.k8s.io/v1",
            {"parentRefs": [{"name": "one"}], "rules": [{"backendRefs": [{"name": "one", "port": 80}]}]},
        ),
        "SecurityPolicy": (
            "gateway.envoyproxy.io/v1alpha1",
            {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "one"}]},
        ),
        "NetworkPolicy": (
            "networking.k8s.io/v1",
            {
                "podSelector": selector,
                "policyTypes": ["Ingress", "Egress"],
                "egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 1}]}],
            },
        ),
    }
    made: dict[str, Object] = {
        kind: {"apiVersion": version, "kind": kind, "metadata": {"name": "one"}, "spec": spec}
        for kind, (version, spec) in specs.items()
    }
    made["ServiceAccount"] = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "one"},
        "automountServiceAccountToken": False,
    }
    made["deny"] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "deny"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }
    return made


def _container(objects: dict[str, Object]) -> dict[str, Any]:
    container: dict[str, Any] = objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    return container


def _spec(objects: dict[str, Object]) -> dict[str, Any]:
    pod: dict[str, Any] = objects["Deployment"]["spec"]["template"]["spec"]
    return pod


def test_valid_objects_pass() -> None:
    objects = _good()

    assert policies.problems(list(objects.values())) == []
    assert [line for one in objects.values() for line in schemas.problems(one)] == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("KafkaNodePool", {"replicas": 3}),
        ("Cluster", {"affinity": {"topologyKey": "topology.kubernetes.io/zone"}}),
    ],
    ids=["brokers", "postgres"],
)
def test_servers_that_may_share_a_node_are_found(kind: str, spec: dict[str, Any]) -> None:
    one = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "one"}, "spec": spec}

    assert policies.problems([one]) == [f"{kind} one: is not spread over nodes"]


Break = Callable[[dict[str, Object]], object]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda o: _spec(o)["securityContext"].update(runAsUser=0), "user 10001"),
        (lambda o: _spec(o)["securityContext"].pop("seccompProfile"), "seccomp"),
        (lambda o: _spec(o).update(hostNetwork=True), "shares a namespace"),
        (lambda o: _spec(o)["volumes"].append({"name": "x", "hostPath": {"path": "/"}}), "path of its node"),
        (
            lambda o: _container(o)["securityContext"].pop("allowPrivilegeEscalation"),
            "gain privileges",
        ),
        (lambda o: _container(o)["securityContext"].update(readOnlyRootFilesystem=False), "root file system"),
        (lambda o: _container(o)["securityContext"]["capabilities"].update(add=["NET_RAW"]), "capabilities"),
        (lambda o: _spec(o).pop("automountServiceAccountToken"), "mounts a token"),
        (lambda o: o["ServiceAccount"].pop("automountServiceAccountToken"), "hands out"),
        (lambda o: o.pop("ServiceAccount"), "service account"),
        (lambda o: _spec(o).pop("enableServiceLinks"), "variables of Services"),
        (lambda o: _container(o)["resources"]["limits"].pop("memory"), "no limits of memory"),
        (lambda o: _container(o).pop("resources"), "no requests of cpu, memory"),
        (lambda o: _spec(o)["volumes"][0].update(emptyDir={}), "fill the disk"),
        (lambda o: _container(o).pop("startupProbe"), "startupProbe"),
        (lambda o: _container(o).pop("readinessProbe"), "readinessProbe"),
        (lambda o: o.pop("PodDisruptionBudget"), "PodDisruptionBudget"),
        (lambda o: _spec(o).pop("topologySpreadConstraints"), "not spread"),
        (
            lambda o: _spec(o)["topologySpreadConstraints"][0].update(
                topologyKey="topology.kubernetes.io/zone"
            ),
            "not spread",
        ),
        (lambda o: _container(o).update(image="one:latest"), "not pinned"),
        (lambda o: _container(o).update(image="registry.example.com:5000/one"), "not pinned"),
        (lambda o: o.pop("deny"), "denies everything"),
        (lambda o: o.pop("NetworkPolicy"), "allows its traffic"),
        (lambda o: o["NetworkPolicy"]["spec"]["egress"][0].pop("to"), "reach any address"),
        (lambda o: _spec(o).update(terminationGracePeriodSeconds=34), "killed while it drains"),
        (lambda o: _container(o)["env"].pop(1), "no drain time"),
        (lambda o: _container(o)["env"].append({"name": "A_PASSWORD", "value": "x"}), "plain text"),
        (lambda o: _container(o)["env"].append({"name": "A_URL", "value": "http://a:b@c"}), "plain text"),
        (lambda o: o["deny"].update(kind="Secret"), "rendered from values"),
        (lambda o: o["deny"]["metadata"].update(name="one"), "same kind and name"),
        (lambda o: o["Deployment"]["spec"].update(replicas=1), "fewer replicas"),
        (lambda o: o["Deployment"]["spec"].pop("replicas"), "fewer replicas"),
        (lambda o: o["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"].update(name="x"), "scales nothing"),
        (lambda o: o["Service"]["spec"].update(selector=_labels("x")), "selects nothing"),
        (lambda o: o["SecurityPolicy"]["spec"]["targetRefs"][0].update(name="x"), "refers to"),
        (lambda o: o["Service"]["spec"]["ports"][0].update(port=81), "leads to"),
    ],
)
def test_policy_violation_is_found(how: Break, message: str) -> None:
    objects = deepcopy(_good())
    how(objects)

    found = policies.problems(list(objects.values()))

    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (lambda o: o["Deployment"]["spec"].update(replica=1), "'replica' was unexpected"),
        (lambda o: _container(o).pop("name"), "'name' is a required property"),
        (lambda o: o["Service"]["spec"]["ports"][0].update(port="http"), "is not of type"),
        (lambda o: o["HTTPRoute"]["spec"].update(parentRef={}), "'parentRef' was unexpected"),
        (lambda o: o["SecurityPolicy"]["spec"].update(jwt={"providers": [{}]}), "is a required property"),
        (lambda o: o["deny"].update(kind="Unknown"), "there is no schema unknown-networking-v1"),
        (lambda o: o["Deployment"].update(apiVersion="apps/v1beta1"), "no schema deployment-apps-v1beta1"),
    ],
)
def test_invalid_object_is_found(how: Break, message: str) -> None:
    objects = deepcopy(_good())
    how(objects)

    found = [line for one in objects.values() for line in schemas.problems(one)]

    assert any(message in line for line in found), found


def test_golden_files_exclude_alerts_and_dashboards() -> None:
    text = (
        "---\n# Source: a\nkind: Service\nmetadata:\n  name: a\n"
        "---\nkind: PrometheusRule\nmetadata:\n  name: b\n"
        "---\nkind: ConfigMap\nmetadata:\n  name: resume-review-dashboard-c\n"
        "---\nkind: ConfigMap\nmetadata:\n  name: d\n"
    )

    golden = render.objects(render.as_golden(text))

    assert [one["metadata"]["name"] for one in golden] == ["a", "d"]


def test_alert_needs_a_test_in_which_it_fires_and_one_in_which_it_does_not(tmp_path: Path) -> None:
    both = (
        "{eval_time: 1m, alertname: Both, exp_alerts: [{}]}, {eval_time: 9m, alertname: Both, exp_alerts: []}"
    )
    (tmp_path / "a.yaml").write_text(
        f"tests: [{{alert_rule_test: [{both}, {{eval_time: 1m, alertname: Fires, exp_alerts: [{{}}]}}]}},"
        "{alert_rule_test: [{eval_time: 1m, alertname: Rests}]}]"
    )

    assert alerts.with_tests(tmp_path) == {"Both"}
