"""Translates the rendered routes and policies with Envoy Gateway's own tool (egctl).

The tool checks what no schema can: CEL rules, references, and what the controller rejects. It takes minutes
to build, so only `make k8s-check ARGS=--translate` uses it.
"""

import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.auth.certificates import CertificateAuthority
from tools.k8s.programs import egctl, error_output, run
from tools.k8s.render import NAMESPACE, Object

_KINDS = (
    "BackendTrafficPolicy",
    "ClientTrafficPolicy",
    "EnvoyExtensionPolicy",
    "EnvoyProxy",
    "Gateway",
    "HTTPRoute",
    "HTTPRouteFilter",
    "SecurityPolicy",
    "Service",
)
# A key that signs no token.
NO_KEYS = '{"keys":[{"kty":"oct","alg":"HS256","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}'


def problems(objects: Sequence[Object]) -> Iterator[str]:
    """Yield the objects that are not accepted, with the reason. Raises ToolMissing."""
    if not any(one["kind"] == "Gateway" for one in objects):
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            translated = translate(objects, Path(folder), to="gateway-api")
        except subprocess.CalledProcessError as error:
            yield error_output(error)
            return
    accepted = 0
    for several in translated.values():
        for one in several if isinstance(several, list) else [several]:
            for condition in _conditions(one):
                accepted += condition["status"] == "True"
                if condition["status"] != "True":
                    yield f"{one['metadata']['name']}: {condition['type']}: {condition['message']}"
    if not accepted:
        yield "the translator reported no object"


def translate(
    objects: Sequence[Object], folder: Path, *options: str, to: str, keys: str = NO_KEYS
) -> dict[str, Any]:
    """Return the translation to the format `to`; `keys` is the JWKS of the shared secret.

    Raises:
        CalledProcessError: The translator failed.
        ToolMissing: The translator cannot be built.
    """
    file = folder / "objects.yaml"
    selected = [_in_namespace(one) for one in objects if one["kind"] in _KINDS]
    file.write_text(yaml.safe_dump_all([*selected, *_cluster_objects(folder, keys)]))
    formats = ("--from", "gateway-api", "--to", to, "-o", "yaml")
    translated: dict[str, Any] = yaml.safe_load(
        run(egctl(), "x", "translate", *formats, *options, "-f", file)
    )
    return translated


def _in_namespace(one: Object) -> Object:
    return {**one, "metadata": {**one["metadata"], "namespace": NAMESPACE}}


def _conditions(one: Any) -> Iterator[dict[str, str]]:
    status = one.get("status", {}) if isinstance(one, dict) else {}
    for part in (status, *status.get("ancestors", ()), *status.get("parents", ())):
        # Without a cluster, nothing is ever programmed.
        yield from (each for each in part.get("conditions", ()) if each["type"] != "Programmed")


def _cluster_objects(folder: Path, keys: str) -> Iterator[Object]:
    """Yield what the cluster provides: the gateway class, a certificate, the keys and the legacy backend."""
    pair = CertificateAuthority(folder / "ca").sign("gateway", hosts=("api.example.com",))
    yield {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": "eg"},
        "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
    }
    yield {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/tls",
        "metadata": {"name": "resume-review-tls", "namespace": NAMESPACE},
        "data": {
            "tls.crt": b64encode(pair.certificate.read_bytes()).decode(),
            "tls.key": b64encode(pair.key.read_bytes()).decode(),
        },
    }
    yield {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "legacy-jwt-keys", "namespace": NAMESPACE},
        "data": {"jwks": keys},
    }
    for namespace in (NAMESPACE, "legacy"):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    yield {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "backend", "namespace": "legacy"},
        "spec": {"clusterIP": "10.0.0.1", "ports": [{"port": 8000, "targetPort": 8000, "protocol": "TCP"}]},
    }
    yield {
        "apiVersion": "gateway.networking.k8s.io/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": {"name": "resume-review", "namespace": "legacy"},
        "spec": {
            "from": [
                {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": NAMESPACE},
            ],
            "to": [{"group": "", "kind": "Service"}],
        },
    }
