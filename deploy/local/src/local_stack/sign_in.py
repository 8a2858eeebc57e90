"""One-click sign-in of the console, for the stack of `make up` alone.

The local issuer answers at this address, and only the gateway of `make up` has a route to it. Neither the
gateway's template nor a service knows the address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from local_stack.ports import LOOPBACK

PATH: Final = "/console/local-token"
# Needs a preflight from another origin, which the gateway's CORS policy refuses.
HEADER: Final = "x-console-sign-in"
_HOSTS: Final = (LOOPBACK, "localhost")

# Status and JSON.
Answer = tuple[str, dict[str, object]]
_REFUSED: Final[Answer] = ("403 Forbidden", {"detail": "Only the console on this machine may sign in here."})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Gives the console on this machine a token.

    Any page in a browser can send requests to loopback. So the host must be this machine, which stops names
    that were pointed at it (DNS rebinding), the header must be set, and the origin must be the gateway's own.
    """

    gateway_port: int
    roles: tuple[str, ...]
    token: Callable[[str], str]

    def answer(self, method: str, query: str, headers: Mapping[str, str]) -> Answer:
        """Return the roles (GET), or a token for the role in the query (POST)."""
        host = headers.get("host", "").partition(":")[0]
        if host not in _HOSTS or headers.get(HEADER) != "1":
            return _REFUSED
        # Browsers send the origin with every POST. A GET, which reveals nothing, has one only from elsewhere.
        origins = {f"http://{each}:{self.gateway_port}" for each in _HOSTS}
        if (method != "GET" or "origin" in headers) and headers.get("origin") not in origins:
            return _REFUSED
        if method == "GET":
            return "200 OK", {"roles": list(self.roles)}
        role = query.removeprefix("role=")
        if method != "POST" or role not in self.roles:
            return "400 Bad Request", {
                "detail": f"Ask with POST for one of the roles {', '.join(self.roles)}."
            }
        return "200 OK", {"token": self.token(role)}


def parse_headers(head: str) -> dict[str, str]:
    """Return the headers of a request by their names in lower case."""
    pairs = (line.partition(":") for line in head.split("\r\n")[1:] if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
