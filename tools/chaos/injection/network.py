"""Cuts the network between an instance and a port of loopback, by the group that the instance runs as."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from typing import Final

from local_stack.ports import LOOPBACK

# Groups that nobody is in, one for each port that an instance may have.
_FIRST_GROUP: Final = 100_000


class Cut(Enum):
    """What becomes of packets."""

    DROP = ("-j", "DROP")
    """They vanish, as where a cable is pulled."""
    RESET = ("-j", "REJECT", "--reject-with", "tcp-reset")
    """Connections are refused and reset, as where a host has come back without them."""


def why_not() -> str | None:
    """Why the network cannot be cut here."""
    if shutil.which("iptables") is None:
        return "Debian's iptables is not installed"
    looked = subprocess.run(["iptables", "-w", "-S", "OUTPUT"], capture_output=True, check=False)
    return "iptables may not be used here" if looked.returncode else None


def group_of(port: int) -> int | None:
    """The group that the instance on this port runs as; None where only root may change it."""
    return _FIRST_GROUP + port if os.geteuid() == 0 else None


@asynccontextmanager
async def cut(source: int, port: int, how: Cut) -> AsyncIterator[None]:
    """Nothing that the instance on port `source` sends to a port arrives, acknowledgements included."""
    rule = ("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port))
    rule += ("-m", "owner", "--gid-owner", str(group_of(source)), *how.value)
    await _iptables("-I", *rule)
    try:
        yield
    finally:
        await _iptables("-D", *rule)


@asynccontextmanager
async def swallowed(source: int, port: int) -> AsyncIterator[None]:
    """What the instance on port `source` opens to a port is accepted, and never answered.

    Its open connections are reset, so that it opens new ones.
    """
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    hole = await asyncio.start_server(hold, LOOPBACK, 0)
    owner = ("-m", "owner", "--gid-owner", str(group_of(source)))
    to_port = ("OUTPUT", "-o", "lo", "-p", "tcp", "--dport", str(port), *owner)
    aside = (*to_port, "-j", "REDIRECT", "--to-ports", str(hole.sockets[0].getsockname()[1]))
    # Packets of redirected connections have another port by the time that they get here.
    reset = (*to_port, *Cut.RESET.value)
    await _iptables("-t", "nat", "-I", *aside)
    await _iptables("-I", *reset)
    try:
        yield
    finally:
        await _iptables("-D", *reset)
        await _iptables("-t", "nat", "-D", *aside)
        hole.close()
        for writer in held:
            writer.transport.abort()


async def _iptables(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "iptables", "-w", *arguments, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
