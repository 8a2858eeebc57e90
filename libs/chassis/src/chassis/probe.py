"""Probe the health of a service on this machine: `python -m chassis.probe 8081 [live|ready]`.

For health checks of containers, whose images have no curl. It imports little, as it runs every few seconds.
"""

import http.client
import sys

# The same as the Kubernetes probes, and longer than a readiness check may take.
_TIMEOUT_SECONDS = 3
_OK = 200


def probe(port: int, question: str = "live") -> bool:
    """Return True if `/health/<question>` on loopback answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", f"/health/{question}")
        return connection.getresponse().status == _OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not probe(int(sys.argv[1]), *sys.argv[2:]))
