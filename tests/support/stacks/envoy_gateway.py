"""Envoy, configured as Envoy Gateway configures it from the Helm chart.

It replaces the local stack's gateway in tests. The configuration that Envoy Gateway would send over the
network (xDS) is written to one file, and its clusters lead to this machine.
"""

import json
from collections.abc import Iterator
from typing import Any

import yaml
from local_stack.gateway.envoy import Envoy

from tools.k8s import gateway, render

ORIGIN = "http://localhost:3000"

Config = dict[str, Any]


class TranslatedEnvoy(Envoy):
    """Envoy with the chart's configuration for the same settings as the local gateway."""

    def write_config(self) -> None:
        """Render the chart, translate it and write the resulting Envoy configuration."""
        variables = self._gateway.variables()
        self._folder.mkdir(parents=True, exist_ok=True)
        values = self._folder / "values.yaml"
        values.write_text(yaml.safe_dump(_values(variables)))
        translated = gateway.translate(
            render.objects(render.render_with("resume-review", values)),
            self._folder,
            # Only a cluster knows the addresses of Services.
            "--add-missing-resources",
            to="xds",
            keys=variables["SHARED_SECRET_JWKS"],
        )
        (dump,) = translated["xds"].values()
        parts = {part["@type"].rpartition(".")[2]: part for part in dump["configs"]}
        resources = {
            "listeners": list(_listeners(parts, int(variables["GATEWAY_PORT"]))),
            "clusters": list(_clusters(parts, variables)),
        }
        admin = _address(variables["ADMIN_HOST"], int(variables["ADMIN_PORT"]))
        self._config.touch(mode=0o600)
        self._config.write_text(json.dumps({"admin": admin, "staticResources": resources}))


def _values(variables: dict[str, str]) -> Config:
    return {
        "auth": {
            "jwksUrl": variables["JWKS_URL"],
            "issuer": variables["JWT_ISSUER"],
            "audience": variables["JWT_AUDIENCE"],
            "sharedSecret": {"name": "legacy-jwt", "key": "secret"},
        },
        "gateway": {
            "corsOrigins": [ORIGIN],
            "sharedSecretKeysConfigMap": "legacy-jwt-keys",
            "legacy": {"service": "backend", "namespace": "legacy", "port": 8000},
            "requestsPerSecond": int(variables["RATE_PER_SECOND"]),
            "burst": int(variables["RATE_BURST"]),
        },
    }


def _listeners(parts: dict[str, Config], port: int) -> Iterator[Config]:
    routes = {
        one["routeConfig"]["name"]: _plain(one["routeConfig"])
        for one in parts["RoutesConfigDump"]["dynamicRouteConfigs"]
    }
    for one in parts["ListenersConfigDump"]["dynamicListeners"]:
        listener = _plain(one["activeState"]["listener"])
        # Skip the listener for the probes of the pod.
        if not listener["name"].endswith("/http"):
            continue
        for filters in listener["defaultFilterChain"]["filters"]:
            manager = filters["typedConfig"]
            if "rds" in manager:
                manager["routeConfig"] = routes[manager.pop("rds")["routeConfigName"]]
        yield listener | _address("127.0.0.1", port)


def _clusters(parts: dict[str, Config], variables: dict[str, str]) -> Iterator[Config]:
    for one in parts["ClustersConfigDump"]["dynamicActiveClusters"]:
        cluster = _plain(one["cluster"])
        cluster.pop("edsClusterConfig", None)
        name = cluster["name"]
        target = next(
            (
                target
                for word, target in (
                    ("resume-review-legacy", "LEGACY"),
                    ("resume-review-results", "RESULTS_API"),
                    ("resume-review-live", "RESULTS_API"),
                    ("httproute", "REQUEST_API"),
                )
                if word in name
            ),
            "ISSUER",
        )
        endpoint = _address(variables[f"{target}_HOST"], int(variables[f"{target}_PORT"]))
        yield cluster | {
            "type": "STRICT_DNS",
            "loadAssignment": {
                "clusterName": name,
                "endpoints": [{"lbEndpoints": [{"endpoint": endpoint}]}],
            },
        }


def _address(host: str, port: int) -> Config:
    return {"address": {"socketAddress": {"address": host, "portValue": port}}}


def _plain(resource: Config) -> Config:
    return {name: value for name, value in resource.items() if name != "@type"}
