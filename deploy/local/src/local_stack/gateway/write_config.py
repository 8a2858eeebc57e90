"""Write the gateway configuration of docker compose: `python -m local_stack.gateway.write_config FILE`."""

import os
import sys
from pathlib import Path

from local_stack import issuer as tokens
from local_stack.gateway.config import GatewayConfig, render
from local_stack.issuer import JWKS_PATH
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import Ports


def compose_config() -> GatewayConfig:
    """Return the values for docker compose: the local stack's ports, and container names as hosts."""
    ports = Ports()
    return GatewayConfig(
        host="0.0.0.0",  # noqa: S104 - in a container; compose publishes it on loopback
        port=ports.gateway,
        admin_port=ports.envoy_admin,
        request_api_host="request-api",
        request_api_port=ports.request_api,
        results_api_host="results-api",
        results_api_port=ports.results_api,
        jwks_url=f"http://issuer:{ports.issuer}{JWKS_PATH}",
        jwt_issuer=tokens.NAME,
        jwt_audience=tokens.AUDIENCE,
        shared_secret=os.environ.get("SHARED_SECRET") or None,
        legacy=os.environ.get("LEGACY") or None,
        # Idle, they take 325 MB of the gateway's heap. docker-compose.yml allows 65,536 open files.
        max_connections=25_000,
    )


def main(path: Path) -> None:
    """Write the file readable by its owner only, because it holds a secret. Envoy runs as the same user."""
    path.touch(mode=0o600)
    path.write_text(render(ENVOY_TEMPLATE.read_text(), compose_config().variables()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
