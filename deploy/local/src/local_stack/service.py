"""A service as a child process, and its migrations."""

import sys
from collections.abc import Mapping

from local_stack.gateway.envoy import OK, http_status
from local_stack.ports import LOOPBACK
from local_stack.processes.log import Log
from local_stack.processes.process import Process, run_to_end


def without_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with loopback addresses exempt from HTTP proxies."""
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY")
    names = ",".join(filter(None, (exempt, LOOPBACK, "localhost")))
    return {**environment, "NO_PROXY": names, "no_proxy": names}


class Service:
    """Runs `python -m <package>` with `environment` as its whole environment."""

    def __init__(
        self, *, name: str, package: str, port: int, environment: Mapping[str, str], log: Log | None = None
    ) -> None:
        self.name = name
        self.port = port
        self.environment = environment
        self.process = Process(
            name=name,
            command=[sys.executable, "-m", package],
            env=environment,
            log=log,
            # With a model, the analyzer may drain for as long as a model call takes (90 s). Open requests,
            # leaving the consumer group and the end of Python take up to 17 s more.
            stop_seconds=120,
        )

    async def start(self) -> None:
        """Start the service, and wait until it is ready.

        Raises:
            PartFailed: the service did not become ready.
        """
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=60)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Let the service drain, then stop it."""
        await self.process.stop()

    async def kill(self) -> None:
        """Kill the service with SIGKILL."""
        await self.process.kill()

    async def _ready(self) -> bool:
        return await http_status(self.port, "/health/ready") == OK


async def migrate(
    *, package: str, environment: Mapping[str, str], owner_url: str | None = None, log: Log | None = None
) -> None:
    """Migrate the service's database to the newest version.

    With `owner_url`, the owner of the tables migrates and grants the login named like the package the rights
    that the service needs. Without it, the user in `environment` migrates.

    Raises:
        PartFailed: the migration failed.
    """
    if owner_url is not None:
        prefix = package.upper()
        environment = {
            **environment,
            f"{prefix}_DATABASE_URL": owner_url,
            f"{prefix}_DATABASE_ROLE": package,
        }
    process = Process(
        name="migrate", command=[sys.executable, "-m", f"{package}.migrate"], env=environment, log=log
    )
    await run_to_end(process, seconds=120)
