"""The route to the console's sign-in, which only the gateway of `make up` has."""

import json
from typing import Any

import yaml

from local_stack.sign_in import PATH

_ROUTE = {"name": "local-sign-in", "match": {"path": PATH}, "route": {"cluster": "issuer", "timeout": "5s"}}


def add_sign_in_route(config: str) -> str:
    """Return a rendered configuration with the route before all others. No token is needed below /console."""
    parsed: dict[str, Any] = yaml.safe_load(config)
    (listener,) = parsed["static_resources"]["listeners"]
    (manager,) = listener["filter_chains"][0]["filters"]
    (host,) = manager["typed_config"]["route_config"]["virtual_hosts"]
    host["routes"].insert(0, _ROUTE)
    return json.dumps(parsed)
