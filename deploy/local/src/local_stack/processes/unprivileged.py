"""Run a program as another user than root, because PostgreSQL refuses to run as root.

The first choice is a user namespace. The server sees itself as user 1000, and the rest of the system sees
root, so no extra user is needed and folders that only root may enter stay accessible. If namespaces are
forbidden (Docker's default), the program runs as `nobody` with the one capability that opens such folders.
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
class UnprivilegedUser:
    """The way to start a program as another user than root."""

    before_exec: Callable[[], None] | None = None
    prefix: tuple[str, ...] = ()
    owner: int | None = None  # the owner of the files that the program writes, if not the current user

    def own(self, path: Path) -> None:
        """Let the program write to `path`."""
        if self.owner is not None:
            os.chown(path, self.owner, -1)


@cache
def unprivileged_user() -> UnprivilegedUser:
    """Return the first way that works on this machine.

    Raises:
        StackError: the current user is root, and no way works.
    """
    if os.geteuid() != 0:
        return UnprivilegedUser()
    for candidate in (UnprivilegedUser(before_exec=_enter_user_namespace), _nobody()):
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
    # Plain system calls: little else is safe between fork and exec.
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INSIDE_ID} 0 1"),
        ("gid_map", f"{_INSIDE_ID} {group} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, content.encode())
        os.close(descriptor)


def _nobody() -> UnprivilegedUser | None:
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
        # initdb looks for its programs by access(2), which would otherwise ignore the capability.
        "--securebits=+no_setuid_fixup",
        "--pdeathsig=KILL",  # a change of user clears the signal that was set before
        "--",
    )
    return UnprivilegedUser(prefix=prefix, owner=nobody.pw_uid)


def _works(candidate: UnprivilegedUser) -> bool:
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
