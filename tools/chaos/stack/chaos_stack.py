"""The whole system for faults: real Kafka and PostgreSQL, services from zygotes, several of one if wanted."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local_stack.ports import LOOPBACK, Ports, free_ports
from local_stack.processes.log import Log
from local_stack.stack import Part, Stack

from tools.chaos.recording.collect import install_audit
from tools.chaos.stack.forked_service import Forked, Zygote
from tools.chaos.stack.model import RecordingModel

PACKAGES: Final = {"request-api": "request_api", "results-api": "results_api", "analyzer": "analyzer"}
# Enough for the instances that any test adds.
_SPARE_PORTS: Final = 16

# Analyses at work in one analyzer; it takes on twice as many.
CONCURRENCY: Final = 8
_UNLIMITED: Final = 100_000
_ENVIRONMENT: Final = {
    "REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000",
    # What is in flight in one process is what its death may cost.
    "ANALYZER_CONCURRENCY": str(CONCURRENCY),
    # Up to six of them share two cores, and each start starts its workers anew.
    "ANALYZER_WORKERS": "1",
    # Some of the played model's analyses take longer, others do not.
    "ANALYZER_STARTED_AFTER_SECONDS": "0.2",
}


class ChaosStack(Stack):
    """Its `folder` gets `data`, and `evidence`: the logs and the kills.

    One stack sees many runs: `arrange` says which instances the next one has. They are named `request-api`,
    `results-api-1`, `analyzer-1` and so on: the first of each is what clients and the other services know.
    `clocks` are libfaketime's variables for all instances of a service. The gateway is not
    started with the others: most faults do without it.
    """

    def __init__(self, *, folder: Path, clocks: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._clocks = clocks or {}
        self.evidence = folder / "evidence"
        self.kills = self.evidence / "kills.jsonl"
        self._logs = self.evidence / "logs"
        self._logs.mkdir(parents=True)
        self.kills.touch()
        fields = tuple(Ports.__dataclass_fields__)
        # All at once: what is found free is not taken until something listens there.
        free = free_ports(len(fields) + 1 + _SPARE_PORTS)
        ports, model_port, self._free = free[: len(fields)], free[len(fields)], free[len(fields) + 1 :]
        self._servers_log = (folder / "servers.log").open("w")
        super().__init__(
            data_dir=folder / "data",
            ports=Ports(**dict(zip(fields, ports, strict=True))),
            # All clients of a run are one person.
            requests_per_second=_UNLIMITED,
            kafka_settings=("group.min.session.timeout.ms=1000",),
            environment=_ENVIRONMENT,
            log=Log(stream=self._servers_log),
        )
        self.model = RecordingModel(port=model_port)
        self._zygotes = {
            service: Zygote(
                package=package,
                log=folder / f"zygote-{service}.log",
                environment=self._clocks.get(service, {}),
            )
            for service, package in PACKAGES.items()
        }
        self.instances: dict[str, Forked] = {}
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
        """Which instances there are from now on; those of before have been stopped."""
        self._spare = list(self._free)
        self._told = dict(environment or {})
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
        """For clients, of all instances."""
        return [f"http://{LOOPBACK}:{each.port}" for each in self.of("request-api")]

    @property
    def results_api_urls(self) -> list[str]:
        """For clients, of all instances."""
        return [f"http://{LOOPBACK}:{each.port}" for each in self.of("results-api")]

    def of(self, service: str) -> list[Forked]:
        """All instances of a service."""
        return [each for each in self.instances.values() if each.service == service]

    def add(self, service: str) -> Forked:
        """One more instance, not started."""
        return self._add(service, f"{service}-{len(self.of(service)) + 1}", self._spare.pop())

    def _add(self, service: str, name: str, port: int) -> Forked:
        prefix = PACKAGES[service].upper()
        environment = {
            **self._environment(),
            f"{prefix}_PORT": str(port),
            **self._clocks.get(service, {}),
            **self._told,
        }
        if service == "analyzer":
            environment["ANALYZER_OPENAI_BASE_URL"] = self.model.base_url
            environment["ANALYZER_OPENAI_API_KEY"] = name
        forked = Forked(
            name=name,
            zygote=self._zygotes[service],
            port=port,
            environment=environment,
            logs=self._logs,
            kills=self.kills,
        )
        self.instances[name] = self.parts[name] = forked
        return forked

    async def start(self, *names: str) -> None:
        """Start the named parts, or everything but the instances."""
        if names:
            await super().start(*names)
            return
        try:
            await self._together(
                self.issuer.start(),
                self.model.start(),
                self._store(),
                self._carry(),
                *(zygote.start() for zygote in self._zygotes.values()),
            )
            await install_audit(self.postgres)
        except BaseException:
            await self.stop()
            raise

    async def stop(self, *names: str) -> None:
        """Stop the named parts, or end everything; the evidence has been collected by then."""
        if names:
            await super().stop(*names)
            return
        await asyncio.gather(*(zygote.stop() for zygote in self._zygotes.values()))
        await self.model.stop()
        await asyncio.gather(self.gateway.kill(), self.kafka.kill(), self.postgres.kill(), self.issuer.stop())
        self._servers_log.close()
