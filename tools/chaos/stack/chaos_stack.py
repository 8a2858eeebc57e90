"""The whole system for fault tests: real servers, and any number of instances of each service."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local_stack.ports import LOOPBACK, Ports, free_ports
from local_stack.processes.log import Log
from local_stack.stack import Part, Stack

from tools.chaos.recording.collect import install_audit
from tools.chaos.stack.model import FakeRecordingModel
from tools.chaos.stack.service_instance import ForkServer, ServiceInstance

PACKAGES: Final = {"request-api": "request_api", "results-api": "results_api", "analyzer": "analyzer"}
# Enough for all instances that a test adds.
_SPARE_PORTS: Final = 16

# Concurrent analyses of one analyzer; it takes on twice as many.
CONCURRENCY: Final = 8
_UNLIMITED: Final = 100_000
_ENVIRONMENT: Final = {
    "REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000",
    "REQUEST_API_MAX_OPEN_JOBS": "1000000",
    # A small number limits the work that a kill interrupts.
    "ANALYZER_CONCURRENCY": str(CONCURRENCY),
    # Up to six analyzers share two cores, and each start has to start its workers.
    "ANALYZER_WORKERS": "1",
    # Between the fastest and the slowest answers of the fake model.
    "ANALYZER_STARTED_AFTER_SECONDS": "0.2",
}


class ChaosStack(Stack):
    """A stack for many runs. `folder` gets the servers' `data` and the `evidence` (logs and kills).

    `arrange` decides on the instances of the next run. They are named `request-api`, `results-api-1`,
    `analyzer-1` and so on; other services know the first of each. `clocks` are libfaketime's variables for
    all instances of a service. The gateway is started only by the tests that need it.
    """

    def __init__(self, *, folder: Path, clocks: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._clocks = clocks or {}
        self.evidence = folder / "evidence"
        self.kills = self.evidence / "kills.jsonl"
        self._logs = self.evidence / "logs"
        self._logs.mkdir(parents=True)
        self.kills.touch()
        fields = tuple(Ports.__dataclass_fields__)
        # All ports are found at once, because a free port is not taken until something listens there.
        free = free_ports(len(fields) + 1 + _SPARE_PORTS)
        ports, model_port, self._free = free[: len(fields)], free[len(fields)], free[len(fields) + 1 :]
        self._servers_log = (folder / "servers.log").open("w")
        super().__init__(
            data_dir=folder / "data",
            ports=Ports(**dict(zip(fields, ports, strict=True))),
            # All clients of a run are the same user.
            requests_per_second=_UNLIMITED,
            kafka_settings=("group.min.session.timeout.ms=1000",),
            environment=_ENVIRONMENT,
            log=Log(stream=self._servers_log),
        )
        self.model = FakeRecordingModel(port=model_port)
        self._fork_servers = {
            service: ForkServer(
                package=package,
                log=folder / f"fork-server-{service}.log",
                environment=self._clocks.get(service, {}),
            )
            for service, package in PACKAGES.items()
        }
        self.instances: dict[str, ServiceInstance] = {}
        self.parts: dict[str, Part] = {}
        self.arrange()

    def arrange(
        self,
        *,
        request_apis: int = 1,
        analyzers: int = 1,
        results_apis: int = 1,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Replace the instances; the previous ones have to be stopped."""
        self._spare = list(self._free)
        self._extra_environment = dict(environment or {})
        self.instances.clear()
        self.parts = {part.name: part for part in (self.issuer, self.postgres, self.kafka)}
        self.model.reset()
        self._add("request-api", "request-api", self.ports.request_api)
        self._add("results-api", "results-api-1", self.ports.results_api)
        for _ in range(request_apis - 1):
            self.add("request-api")
        for _ in range(results_apis - 1):
            self.add("results-api")
        for _ in range(analyzers):
            self.add("analyzer")

    @property
    def request_api_urls(self) -> list[str]:
        """Return the base URLs of all instances."""
        return [f"http://{LOOPBACK}:{each.port}" for each in self.instances_of("request-api")]

    @property
    def results_api_urls(self) -> list[str]:
        """Return the base URLs of all instances."""
        return [f"http://{LOOPBACK}:{each.port}" for each in self.instances_of("results-api")]

    def instances_of(self, service: str) -> list[ServiceInstance]:
        """Return all instances of a service."""
        return [each for each in self.instances.values() if each.service == service]

    def add(self, service: str) -> ServiceInstance:
        """Add an instance without starting it."""
        return self._add(service, f"{service}-{len(self.instances_of(service)) + 1}", self._spare.pop())

    def _add(self, service: str, name: str, port: int) -> ServiceInstance:
        prefix = PACKAGES[service].upper()
        environment = {
            **self._environment(),
            f"{prefix}_PORT": str(port),
            **self._clocks.get(service, {}),
            **self._extra_environment,
        }
        if service == "analyzer":
            environment["ANALYZER_OPENAI_BASE_URL"] = self.model.base_url
            environment["ANALYZER_OPENAI_API_KEY"] = name
        forked = ServiceInstance(
            name=name,
            fork_server=self._fork_servers[service],
            port=port,
            environment=environment,
            logs=self._logs,
            kills=self.kills,
        )
        self.instances[name] = self.parts[name] = forked
        return forked

    async def start(self, *names: str) -> None:
        """Start the named parts, or everything but instances and gateway."""
        if names:
            await super().start(*names)
            return
        try:
            await self._together(
                self.issuer.start(),
                self.model.start(),
                self._store(),
                self._carry(),
                *(fork_server.start() for fork_server in self._fork_servers.values()),
            )
            await install_audit(self.postgres)
        except BaseException:
            await self.stop()
            raise

    async def stop(self, *names: str) -> None:
        """Stop the named parts, or kill everything."""
        if names:
            await super().stop(*names)
            return
        await asyncio.gather(*(fork_server.stop() for fork_server in self._fork_servers.values()))
        await self.model.stop()
        await asyncio.gather(self.gateway.kill(), self.kafka.kill(), self.postgres.kill(), self.issuer.stop())
        self._servers_log.close()
