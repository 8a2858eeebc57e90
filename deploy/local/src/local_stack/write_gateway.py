"""Docker compose's gateway configuration: `python -m local_stack.write_gateway FILE`."""

import os
import sys
from pathlib import Path

from local_stack import issuer as tokens
from local_stack.gateway import Gateway, render
from local_stack.issuer import JWKS_PATH
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import Ports


def gateway() -> Gateway:
    """The same ports as on one machine; the hosts are compose's names for its containers."""
    ports = Ports()
    return Gateway(
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
        # Of the 65,536 files that docker-compose.yml allows: 325 MB of the gateway's heap, if all were idle.
        max_connections=25_000,
    )


def main(path: Path) -> None:
    """Write it so that nobody but Envoy's user, who is ours, reads the secret in it."""
    path.touch(mode=0o600)
    path.write_text(render(ENVOY_TEMPLATE.read_text(), gateway().variables()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
