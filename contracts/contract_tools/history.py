"""Checks of golden files and schemas against every version that was ever committed to git."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from contract_tools.compatibility import WITHDRAWN, incompatibilities


class HistoryUnavailable(Exception):
    """Raised if the git history is incomplete. The message gives the reason and the remedy."""


def edited_golden_files(root: Path, *, folder: str = "contracts/golden") -> list[str]:
    """Return one sentence for each golden file under `root` that was edited or removed since its commit.

    Raises:
        HistoryUnavailable: if the git history is incomplete.
    """
    faults = set()
    for path, blob in _committed(root, folder):
        present = root / path
        if not present.is_file():
            faults.add(f"{path} was removed; golden files are permanent")
        elif blob_id(present.read_bytes()) != blob:
            faults.add(f"{path} was edited; restore it and add a new golden file instead")
    return sorted(faults)


def incompatible_schemas(root: Path, *, folder: str = "contracts/schemas") -> list[str]:
    """Return one sentence for each incompatibility of a schema under `root` with any committed version.

    Raises:
        HistoryUnavailable: if the git history is incomplete.
    """
    faults = set()
    for path, blob in _committed(root, folder):
        if blob in WITHDRAWN:
            continue
        present = root / path
        if not present.is_file():
            faults.add(f"{path} was removed, but readers rely on the event")
            continue
        old = json.loads(_git(root, "cat-file", "blob", blob))
        new = json.loads(present.read_text(encoding="utf-8"))
        faults.update(f"{path} (since blob {blob}): {fault}" for fault in incompatibilities(old, new))
    return sorted(faults)


def blob_id(content: bytes) -> str:
    """Return git's blob id of this content, independent of the filters of the checkout."""
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()


def _committed(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Yield path and blob of every version of every JSON file ever committed under `folder`."""
    _require_complete(root)
    # -m and --full-history include changes made in merges and on side branches.
    log = _git(
        root, "-c", "core.quotePath=false", "log", "--full-history", "-m", "--no-renames", "--no-abbrev",
        "--raw", "--format=", "--", folder,
    )  # fmt: skip
    for line in sorted(set(log.splitlines())):
        description, path = line.split("\t")
        blob = description.split()[3]
        # A removal has the zero blob. The version before it is listed on its own line.
        if path.endswith(".json") and blob.strip("0"):
            yield path, blob


def _require_complete(root: Path) -> None:
    try:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip()
    except (OSError, subprocess.CalledProcessError):
        raise HistoryUnavailable(
            f"{root} is not a git checkout, so there is no history to compare with"
        ) from None
    if shallow != "false":
        raise HistoryUnavailable("this clone is shallow; run `git fetch --unshallow` to fetch the history")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # a fixed program with fixed arguments
        ["git", "-C", str(root), *arguments],  # noqa: S607  # the location of git varies
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout
