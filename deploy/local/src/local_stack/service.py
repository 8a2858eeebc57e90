"""One of the three services as a child process, and a service's migrations."""

import sys
from collections.abc import Mapping

from local_stack.envoy import OK, http_status
from local_stack.log import Log
from local_stack.ports import LOOPBACK
from local_stack.process import Process, run_to_end


def direct(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment, where a proxy (HTTP_PROXY and the like) is not asked for what is on loopback."""
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY")
    names = ",".join(filter(None, (exempt, LOOPBACK, "localhost")))
    return {**environment, "NO_PROXY": names, "no_proxy": names}


class Service:
    """Runs `python -m <package>`; `environment` is all that it gets."""

    def __init__(
        self, *, name: str, package: str, port: int, environment: Mapping[str, str], log: Log | None = None
    ) -> None:
        self.name = name
        self.port = port
        self.process = Process(
            name=name,
            command=[sys.executable, "-m", package],
            env=environment,
            log=log,
            # It ends as soon as it has drained: with a model the analyzer may take the model's budget for
            # that (90 s), and 17 s besides for open requests, for leaving and for Python to end.
            stop_seconds=120,
        )

    async def start(self) -> None:
        """Start, and wait until it says that it is ready.

        Raises:
            PartFailed: it did not come up.
        """
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=60)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Let it drain, then end."""
        await self.process.stop()

    async def kill(self) -> None:
        """SIGKILL."""
        await self.process.kill()

    async def _ready(self) -> bool:
        return await http_status(self.port, "/health/ready") == OK


async def migrate(
    *, package: str, environment: Mapping[str, str], owner_url: str | None = None, log: Log | None = None
) -> None:
    """Bring the service's database to the newest version.

    With `owner_url` the owner of the tables migrates, and the login named like the package is granted what
    the service needs. Without it, the user in `environment` migrates.

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
