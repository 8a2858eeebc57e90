"""What git knows of the golden files and the schemas: every version that was ever committed."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from contract_tools.compatibility import WITHDRAWN, incompatibilities


class HistoryUnavailable(Exception):
    """The history cannot be asked; the message says why and what helps."""


def edited_golden_files(root: Path, *, folder: str = "contracts/golden") -> list[str]:
    """Name each golden file under `root` that no longer is what was once committed.

    Raises:
        HistoryUnavailable: the history is not complete here.
    """
    faults = set()
    for path, blob in _committed(root, folder):
        present = root / path
        if not present.is_file():
            faults.add(f"{path} was removed; golden files stay for ever")
        elif blob_id(present.read_bytes()) != blob:
            faults.add(f"{path} was edited; put it back and add a new golden file beside it")
    return sorted(faults)


def incompatible_schemas(root: Path, *, folder: str = "contracts/schemas") -> list[str]:
    """Say where a schema under `root` breaks readers or records of any version ever committed.

    Raises:
        HistoryUnavailable: the history is not complete here.
    """
    faults = set()
    for path, blob in _committed(root, folder):
        if blob in WITHDRAWN:
            continue
        present = root / path
        if not present.is_file():
            faults.add(f"{path} was removed, and readers know the event")
            continue
        old = json.loads(_git(root, "cat-file", "blob", blob))
        new = json.loads(present.read_text(encoding="utf-8"))
        faults.update(f"{path} (since blob {blob}): {fault}" for fault in incompatibilities(old, new))
    return sorted(faults)


def blob_id(content: bytes) -> str:
    """The name git gives to this content, whatever filters the checkout has."""
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()


def _committed(root: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Yield path and blob of every version of every JSON file ever committed under `folder`."""
    _require_complete(root)
    # -m and --full-history: a change made in a merge or on a side branch counts too.
    log = _git(
        root, "-c", "core.quotePath=false", "log", "--full-history", "-m", "--no-renames", "--no-abbrev",
        "--raw", "--format=", "--", folder,
    )  # fmt: skip
    for line in sorted(set(log.splitlines())):
        description, path = line.split("\t")
        blob = description.split()[3]
        # A removal has the zero blob; the version before it is on a line of its own.
        if path.endswith(".json") and blob.strip("0"):
            yield path, blob


def _require_complete(root: Path) -> None:
    try:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip()
    except (OSError, subprocess.CalledProcessError):
        raise HistoryUnavailable(
            f"{root} is no git checkout, so there is no history to compare with"
        ) from None
    if shallow != "false":
        raise HistoryUnavailable(
            "this clone is shallow; `git fetch --unshallow` brings the history to compare with"
        )


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # a fixed program; the arguments are ours
        ["git", "-C", str(root), *arguments],  # noqa: S607  # git is wherever the machine has it
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout
