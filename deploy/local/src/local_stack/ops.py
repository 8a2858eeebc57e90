"""`make ops`: run the on-call command of request-api against the stack of `make up`."""

import os
import subprocess
import sys

from local_stack.paths import UP
from local_stack.ports import LOOPBACK, Ports
from local_stack.postgres import Postgres

_ADDRESSES = ("REQUEST_API_KAFKA_BOOTSTRAP_SERVERS", "REQUEST_API_DATABASE_URL")


def main() -> int:
    """Run the command. An address of Kafka or the database in the environment overrides the local stack."""
    environment = dict(os.environ)
    if not any(environment.get(name) for name in _ADDRESSES):
        folder = UP / "postgres"
        if not folder.exists():
            print("No stack has run here yet. Run make up first.", file=sys.stderr)
            return 1
        postgres = Postgres(data_dir=folder, port=Ports().postgres)
        environment |= zip(
            _ADDRESSES, (f"{LOOPBACK}:{Ports().kafka}", postgres.url("request_api")), strict=True
        )
    command = [sys.executable, "-m", "request_api.ops", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
