"""The local gateway with endpoints that come and go, as Envoy Gateway takes them from Kubernetes.

Envoy Gateway sends each change of an EndpointSlice to Envoy: a pod that stops is draining and gets no new
requests. Here the same resources are files. A Service inside the cluster, by which results-api reaches
request-api, is a listener that forwards connections, as kube-proxy does.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from local_stack.gateway.config import GatewayConfig, render
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import LOOPBACK

_SERVICE_OF = {"request-api": "request-api", "uploads": "request-api", "results-api": "results-api"}
_TYPES = "type.googleapis.com/envoy"


class GatewayWithEndpoints(Envoy):
    """Envoy with the configuration of the local gateway, whose endpoints `publish` changes."""

    def __init__(self, *, gateway: GatewayConfig, service_port: int, data_dir: Path) -> None:
        super().__init__(template=ENVOY_TEMPLATE, gateway=gateway, data_dir=data_dir)
        self._service_port = service_port
        self._versions = 0
        self._folder.mkdir(parents=True, exist_ok=True)

    def publish(self, service: str, endpoints: Mapping[int, str]) -> None:
        """Replace the endpoints of a service: ports with their health, UNKNOWN (serves) or DRAINING."""
        self._versions += 1
        assignment = {
            "@type": f"{_TYPES}.config.endpoint.v3.ClusterLoadAssignment",
            "cluster_name": service,
            "endpoints": [
                {
                    "lb_endpoints": [
                        {"endpoint": _address(port), "health_status": health}
                        for port, health in endpoints.items()
                    ]
                }
            ],
        }
        unfinished = self._file(service).with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"version_info": str(self._versions), "resources": [assignment]}))
        # Envoy reads a file that is moved into its place.
        unfinished.rename(self._file(service))

    def write_config(self) -> None:
        """Write the local gateway's configuration, with endpoints from files and the Service."""
        config = yaml.safe_load(render(self._template.read_text(), self._gateway.variables()))
        config["node"] = {"id": "gateway", "cluster": "gateway"}
        for cluster in config["static_resources"]["clusters"]:
            if service := _SERVICE_OF.get(cluster["name"]):
                del cluster["load_assignment"], cluster["dns_lookup_family"]
                source = {
                    "path_config_source": {"path": str(self._file(service))},
                    "resource_api_version": "V3",
                }
                cluster["type"] = "EDS"
                cluster["eds_cluster_config"] = {"service_name": service, "eds_config": source}
        config["static_resources"]["listeners"].append(self._service())
        self._config.touch(mode=0o600)
        self._config.write_text(json.dumps(config))

    def _service(self) -> dict[str, Any]:
        proxy = {
            "@type": f"{_TYPES}.extensions.filters.network.tcp_proxy.v3.TcpProxy",
            "stat_prefix": "service",
            "cluster": "request-api",
        }
        filters = [{"name": "envoy.filters.network.tcp_proxy", "typed_config": proxy}]
        return {
            "name": "service",
            **_address(self._service_port),
            "filter_chains": [{"filters": filters}],
        }

    def _file(self, service: str) -> Path:
        return self._folder / f"{service}.json"


def _address(port: int) -> dict[str, Any]:
    return {"address": {"socket_address": {"address": LOOPBACK, "port_value": port}}}
