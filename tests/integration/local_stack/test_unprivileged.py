"""Start programs that refuse to run as root."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from local_stack.processes import unprivileged

ASK = "import os, sys; print(os.getuid(), os.access(sys.argv[1], os.X_OK))"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")
def test_nobody_enters_root_folders_without_user_namespaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden() -> None:
        raise OSError(1, "unshare")

    monkeypatch.setattr(unprivileged, "_enter_user_namespace", forbidden)
    user = unprivileged.unprivileged_user.__wrapped__()
    program = tmp_path / "closed" / "program"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o755)
    # As initdb asks: access(2) goes by the real user.
    answer = subprocess.run(
        [*user.prefix, sys.executable, "-c", ASK, program], capture_output=True, check=True, text=True
    )
    assert answer.stdout.split() == [str(user.owner), "True"]
