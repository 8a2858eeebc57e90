"""Ports of the local stack."""

import random
import socket
import sys
from dataclasses import asdict, dataclass
from typing import Self

LOOPBACK = "127.0.0.1"

# Below the range that Linux uses for outgoing connections (32768 and up), so that a free port stays free.
_FREE_FROM, _FREE_TO = 20_000, 32_000

# Held until this process ends.
_claims: list[socket.socket] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Port of each part. All parts listen on loopback."""

    gateway: int = 8080
    request_api: int = 8081
    results_api: int = 8082
    analyzer: int = 8083
    issuer: int = 8084
    postgres: int = 55432
    kafka: int = 59092
    kafka_controller: int = 59093
    envoy_admin: int = 9901

    @classmethod
    def free(cls) -> Self:
        """Return unused ports, for a second stack on the same machine."""
        return cls(
            **dict(zip(cls.__dataclass_fields__, free_ports(len(cls.__dataclass_fields__)), strict=True))
        )

    def busy(self) -> dict[str, int]:
        """Return the ports that are in use, by the name of the part that needs them."""
        return {name: port for name, port in asdict(self).items() if not _is_free(port)}


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that are unused now.

    They are claimed until this process ends: no other stack takes the port of a part while it is stopped.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(range(_FREE_FROM, _FREE_TO), k=_FREE_TO - _FREE_FROM):
        if _is_free(port) and _claim(port):
            found.append(port)
            if len(found) == count:
                return found
    raise RuntimeError(f"fewer than {count} free ports between {_FREE_FROM} and {_FREE_TO}")


def _claim(port: int) -> bool:
    """Claim a port by a name in Linux's abstract namespace, which ends with this process."""
    # Other systems have none.
    if not sys.platform.startswith("linux"):
        return True
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0resume-review-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too: a connection that has just ended does not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
