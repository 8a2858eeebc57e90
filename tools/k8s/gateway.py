"""What Envoy Gateway itself makes of the rendered routes and policies, by its own translator (egctl).

That knows what no schema says: rules in CEL, references, what a controller refuses. Building it takes
minutes, so that only `make k8s-check ARGS=--translate` asks it.
"""

import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.auth.certificates import CertificateAuthority
from tools.k8s.programs import egctl, run, said
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
# A key that nobody has.
NO_KEYS = '{"keys":[{"kty":"oct","alg":"HS256","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}'


def problems(objects: Sequence[Object]) -> Iterator[str]:
    """Whatever is not accepted, with the reason. Raises ToolMissing."""
    if not any(one["kind"] == "Gateway" for one in objects):
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            translated = translate(objects, Path(folder), to="gateway-api")
        except subprocess.CalledProcessError as error:
            yield said(error)
            return
    accepted = 0
    for several in translated.values():
        for one in several if isinstance(several, list) else [several]:
            for condition in _conditions(one):
                accepted += condition["status"] == "True"
                if condition["status"] != "True":
                    yield f"{one['metadata']['name']}: {condition['type']}: {condition['message']}"
    if not accepted:
        yield "the translator says nothing of any object"


def translate(
    objects: Sequence[Object], folder: Path, *options: str, to: str, keys: str = NO_KEYS
) -> dict[str, Any]:
    """What egctl says, for `to`; `keys` are those of the shared secret.

    Raises:
        CalledProcessError, ToolMissing.
    """
    file = folder / "objects.yaml"
    asked = [_placed(one) for one in objects if one["kind"] in _KINDS]
    file.write_text(yaml.safe_dump_all([*asked, *_around(folder, keys)]))
    formats = ("--from", "gateway-api", "--to", to, "-o", "yaml")
    said: dict[str, Any] = yaml.safe_load(run(egctl(), "x", "translate", *formats, *options, "-f", file))
    return said


def _placed(one: Object) -> Object:
    return {**one, "metadata": {**one["metadata"], "namespace": NAMESPACE}}


def _conditions(one: Any) -> Iterator[dict[str, str]]:
    status = one.get("status", {}) if isinstance(one, dict) else {}
    for part in (status, *status.get("ancestors", ()), *status.get("parents", ())):
        # Nothing is programmed, since nothing runs.
        yield from (each for each in part.get("conditions", ()) if each["type"] != "Programmed")


def _around(folder: Path, keys: str) -> Iterator[Object]:
    """What a cluster has besides: the class, a certificate, the keys and the existing backend."""
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
