"""A Kubernetes API that knows Deployments and nothing else, for charts that look at the cluster."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from local_stack.ports import LOOPBACK

_KIND = {"name": "deployments", "kind": "Deployment", "namespaced": True, "verbs": ["get"]}
_DISCOVERY = {"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [_KIND]}
_DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment"}
_NOT_FOUND = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}


class FakeKubernetesApi:
    """Serves Deployments with these numbers of replicas, in any namespace, during the `with` block."""

    def __init__(self, replicas: Mapping[str, int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                name = path.rpartition("/")[2]
                if path == "/apis/apps/v1":
                    self._answer(200, _DISCOVERY)
                elif name in replicas:
                    self._answer(200, {**_DEPLOYMENT, "spec": {"replicas": replicas[name]}})
                else:
                    self._answer(404, _NOT_FOUND)

            def _answer(self, status: int, body: Mapping[str, object]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - its name in the base
                """Log nothing."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
