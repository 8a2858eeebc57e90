"""PostgreSQL refuses to run as root. In containers one often is root, so there it runs as somebody else.

First choice is a user namespace: to itself the server is user 1000, to the rest of the system it is root, so
it needs no extra user and reads and writes files of a folder that only root may enter. Where namespaces are
forbidden (Docker's default), it runs as `nobody`, with the one capability that opens such folders.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local_stack.errors import StackError

_CLONE_NEWUSER = 0x10000000
_INSIDE_ID = 1000  # any but 0
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinaryUser:
    """How to start a program so that it does not find itself root."""

    before_exec: Callable[[], None] | None = None
    prefix: tuple[str, ...] = ()
    owner: int | None = None  # who has to own the files that it writes, when that is not us

    def own(self, path: Path) -> None:
        """Let the program write in `path`."""
        if self.owner is not None:
            os.chown(path, self.owner, -1)


@cache
def ordinary_user() -> OrdinaryUser:
    """The way that works here.

    Raises:
        StackError: we are root, and none works.
    """
    if os.geteuid() != 0:
        return OrdinaryUser()
    for candidate in (OrdinaryUser(before_exec=_enter_user_namespace), _nobody()):
        if candidate is not None and _works(candidate):
            return candidate
    raise StackError(
        "PostgreSQL refuses to run as root, and neither user namespaces nor setpriv work here: "
        "run as an ordinary user"
    )


def _enter_user_namespace() -> None:
    group = os.getegid()
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    # Plain writes: between fork and exec the less machinery the better.
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INSIDE_ID} 0 1"),
        ("gid_map", f"{_INSIDE_ID} {group} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, content.encode())
        os.close(descriptor)


def _nobody() -> OrdinaryUser | None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    nobody = pwd.getpwnam("nobody")
    prefix = (
        setpriv,
        f"--reuid={nobody.pw_uid}",
        f"--regid={nobody.pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        # Or access(2), by which initdb looks for its neighbours, would leave the capability out.
        "--securebits=+no_setuid_fixup",
        "--pdeathsig=KILL",  # changing the user clears the one that was set
        "--",
    )
    return OrdinaryUser(prefix=prefix, owner=nobody.pw_uid)


def _works(candidate: OrdinaryUser) -> bool:
    try:
        answer = subprocess.run(
            [*candidate.prefix, "id", "-u"],
            preexec_fn=candidate.before_exec,
            capture_output=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.stdout.strip() not in (b"", b"0")
