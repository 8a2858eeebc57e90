"""Cuts connections between an instance and a port on loopback, matching the group id of its process."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from typing import Final

from local_stack.ports import LOOPBACK

# Unused group ids, one for each possible port of an instance.
_FIRST_GROUP: Final = 100_000


class Cut(Enum):
    """The fate of packets on a cut connection."""

    DROP = ("-j", "DROP")
    """Packets are lost, as if a cable had been pulled."""
    RESET = ("-j", "REJECT", "--reject-with", "tcp-reset")
    """Connections are refused and reset, as if a host had restarted."""


def unavailable_reason() -> str | None:
    """Return why the network cannot be cut on this machine, or None."""
    if shutil.which("iptables") is None:
        return "iptables is not installed"
    listed = subprocess.run(["iptables", "-w", "-S", "OUTPUT"], capture_output=True, check=False)
    return "iptables is not permitted" if listed.returncode else None


def group_of(port: int) -> int | None:
    """Return the group id for the instance on this port, or None without root privileges."""
    return _FIRST_GROUP + port if os.geteuid() == 0 else None


@asynccontextmanager
async def cut(source: int, port: int, how: Cut) -> AsyncIterator[None]:
    """Drop or reset all packets, acknowledgements included, from the instance on port `source` to a port."""
    rule = ("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port))
    rule += ("-m", "owner", "--gid-owner", str(group_of(source)), *how.value)
    await _iptables("-I", *rule)
    try:
        yield
    finally:
        await _iptables("-D", *rule)


@asynccontextmanager
async def black_hole(source: int, port: int) -> AsyncIterator[None]:
    """Accept connections from the instance on port `source` to a port and never answer them.

    Existing connections are reset, so that the instance opens new ones.
    """
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    sink = await asyncio.start_server(hold, LOOPBACK, 0)
    owner = ("-m", "owner", "--gid-owner", str(group_of(source)))
    to_port = ("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port), *owner)
    redirect = (*to_port, "-j", "REDIRECT", "--to-ports", str(sink.sockets[0].getsockname()[1]))
    # Redirected packets have another port when they reach this rule, so they are not reset.
    reset = (*to_port, *Cut.RESET.value)
    await _iptables("-t", "nat", "-I", *redirect)
    await _iptables("-I", *reset)
    try:
        yield
    finally:
        await _iptables("-D", *reset)
        await _iptables("-t", "nat", "-D", *redirect)
        sink.close()
        for writer in held:
            writer.transport.abort()


async def _iptables(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "iptables", "-w", *arguments, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
