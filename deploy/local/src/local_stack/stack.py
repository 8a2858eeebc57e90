"""The whole system on one machine. Each part can be stopped, killed and started alone."""

import asyncio
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

from local_stack import issuer as tokens
from local_stack.errors import PartFailed
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.issuer import Issuer
from local_stack.kafka.broker import Kafka
from local_stack.kafka.topics import create_topics
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import LOOPBACK, Ports
from local_stack.postgres import Postgres, owner_of
from local_stack.processes.log import Log
from local_stack.processes.process import Process
from local_stack.service import Service, migrate, without_proxy

# The names of the packages, which the logins of the services share.
_DATABASES = ("request_api", "results_api", "analyzer")


class Part(Protocol):
    """The interface that each part of the stack has."""

    name: str

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def kill(self) -> None: ...


class Stack:
    """The whole system on loopback.

    Args:
        data_dir: the folder for all data; empty, or that of an earlier run.
        ports: the ports of the parts; by default the well-known ones.
        durable: False lets PostgreSQL commit without waiting for the disk (tests).
        kafka_settings: additional lines for the broker's server.properties.
        environment: additional variables for the services (`REQUEST_API_LOG_LEVEL`, `OPENAI_API_KEY`, ...).
        shared_secret: the secret of the legacy backend, to accept its HS256 tokens too.
        legacy: host:port of the legacy backend, for login, administration and profiles.
        has_sign_in: True lets the console on this machine sign in with one click (`make up`).
        requests_per_second: the gateway's limit per user. Bursts of 300 are allowed, or more if this is more.
        log: receives every line of every part.
        say: receives the progress of the start, one sentence at a time.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        ports: Ports | None = None,
        durable: bool = True,
        kafka_settings: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        shared_secret: str | None = None,
        legacy: str | None = None,
        has_sign_in: bool = False,
        requests_per_second: int = 60,
        log: Log | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.ports = ports or Ports()
        self._log = log or Log()
        self._say = say or (lambda line: self._log.write("stack", line))
        self._shared_secret = shared_secret
        self._extra = dict(environment or {})
        self._crash: asyncio.Future[PartFailed] | None = None
        on = self.ports

        self.issuer = Issuer(
            data_dir=data_dir / "issuer",
            port=on.issuer,
            signs_in_at=on.gateway if has_sign_in else None,
        )
        self.postgres = Postgres(
            data_dir=data_dir / "postgres", port=on.postgres, durable=durable, log=self._log
        )
        self.kafka = Kafka(
            data_dir=data_dir / "kafka",
            port=on.kafka,
            controller_port=on.kafka_controller,
            settings=kafka_settings,
            log=self._log,
            say=self._say,
        )
        self.services = {
            name: Service(
                name=name,
                package=name.replace("-", "_"),
                port=port,
                environment=self._environment(),
                log=self._log,
            )
            for name, port in (
                ("request-api", on.request_api),
                ("results-api", on.results_api),
                ("analyzer", on.analyzer),
            )
        }
        gateway = GatewayConfig(
            port=on.gateway,
            admin_port=on.envoy_admin,
            request_api_port=on.request_api,
            results_api_port=on.results_api,
            jwks_url=self.issuer.jwks_url,
            jwt_issuer=tokens.NAME,
            jwt_audience=tokens.AUDIENCE,
            shared_secret=shared_secret,
            legacy=legacy,
            has_sign_in=has_sign_in,
            rate_per_second=requests_per_second,
            rate_burst=max(300, requests_per_second),
        )
        self.gateway = Envoy(
            template=ENVOY_TEMPLATE,
            gateway=gateway,
            data_dir=data_dir / "gateway",
            log=self._log,
        )
        parts: tuple[Part, ...] = (
            self.issuer,
            self.postgres,
            self.kafka,
            *self.services.values(),
            self.gateway,
        )
        self.parts: dict[str, Part] = {part.name: part for part in parts}

    @property
    def url(self) -> str:
        """Base URL of the gateway."""
        return self.gateway.url

    def token(self, *, role: str = tokens.ROLES[0], user_id: uuid.UUID = tokens.DEFAULT_USER) -> str:
        """Return a bearer token of the stack's issuer."""
        return self.issuer.token(role=role, user_id=user_id)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, *names: str) -> None:
        """Start the named parts, or all parts in order of their dependencies. Wait until they are ready.

        Raises:
            StackError: a part did not become ready; all others were stopped.
        """
        if names:
            for name in names:
                await self.parts[name].start()
            return
        crash = self._watch()
        starting = asyncio.create_task(self._start_all(), name="start the stack")
        crash.add_done_callback(lambda _: starting.cancel())
        try:
            await starting
        except BaseException as error:
            await self.stop()
            if crash.done() and isinstance(error, asyncio.CancelledError):
                raise crash.result() from None
            raise

    async def stop(self, *names: str) -> None:
        """Stop the named parts, or all parts in the reverse order of their dependencies."""
        if names:
            await asyncio.gather(*(self.parts[name].stop() for name in names))
            return
        await self.gateway.stop()
        await asyncio.gather(*(service.stop() for service in self.services.values()))
        await asyncio.gather(self.kafka.stop(), self.postgres.stop(), self.issuer.stop())

    async def kill(self, name: str) -> None:
        """Kill one part with SIGKILL. It stays down until `start(name)`."""
        await self.parts[name].kill()

    async def restart(self, name: str) -> None:
        """Stop one part and start it again."""
        await self.parts[name].stop()
        await self.parts[name].start()

    async def crashed(self) -> PartFailed:
        """Wait until a part ends that was not stopped or killed through this stack."""
        if self._crash is None:
            raise RuntimeError("the stack was not started")
        return await asyncio.shield(self._crash)

    def _watch(self) -> "asyncio.Future[PartFailed]":
        crash: asyncio.Future[PartFailed] = asyncio.get_running_loop().create_future()

        def crashed(process: Process) -> None:
            if not crash.done():
                crash.set_result(process.failure("ended by itself"))

        for process in (
            self.postgres.process,
            self.kafka.process,
            self.gateway.process,
            *(service.process for service in self.services.values()),
        ):
            process.on_crash = crashed
        self._crash = crash
        return crash

    async def _start_all(self) -> None:
        await self._together(self.issuer.start(), self._store(), self._carry())
        await self._together(*(self._timed(service) for service in self.services.values()))
        # Last: if it started beside the services, its first answers would be 503.
        await self._timed(self.gateway)

    async def _store(self) -> None:
        await self._timed(self.postgres)
        for database in _DATABASES:
            await self.postgres.create_database(database, owner=owner_of(database), login=database)
        started = time.monotonic()
        await self._together(
            *(
                migrate(
                    package=package,
                    environment=self._environment(),
                    owner_url=self.postgres.url(package, role=owner_of(package)),
                    log=self._log,
                )
                for package in _DATABASES
            )
        )
        self._say(f"databases are up to date ({time.monotonic() - started:.1f} s)")

    async def _carry(self) -> None:
        await self._timed(self.kafka)
        await create_topics(self.kafka.bootstrap_servers)

    async def _timed(self, part: Part) -> None:
        started = time.monotonic()
        await part.start()
        self._say(f"{part.name} is ready ({time.monotonic() - started:.1f} s)")

    async def _together(self, *jobs: Awaitable[None]) -> None:
        """Run the jobs concurrently. The first failure cancels the others and is raised."""
        tasks = [asyncio.ensure_future(job) for job in jobs]
        try:
            await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    def _environment(self) -> dict[str, str]:
        """Return the environment of all services. Each reads the variables with its own prefix."""
        on = self.ports
        shared = {
            "HOST": LOOPBACK,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "LOG_FORMAT": "console",
            "AUTH_ISSUER": tokens.NAME,
            "AUTH_AUDIENCE": tokens.AUDIENCE,
            "AUTH_JWKS_URL": self.issuer.jwks_url,
        }
        if self._shared_secret is not None:
            shared["AUTH_SHARED_SECRET"] = self._shared_secret
        environment = without_proxy(os.environ)
        for package, port in (
            ("request_api", on.request_api),
            ("results_api", on.results_api),
            ("analyzer", on.analyzer),
        ):
            prefix = package.upper()
            environment |= {f"{prefix}_{name}": value for name, value in shared.items()}
            environment[f"{prefix}_PORT"] = str(port)
            environment[f"{prefix}_DATABASE_URL"] = self.postgres.url(package)
        environment["RESULTS_API_REQUEST_API_URL"] = f"http://{LOOPBACK}:{on.request_api}"
        return environment | self._extra
