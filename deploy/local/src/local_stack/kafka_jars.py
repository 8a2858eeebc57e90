"""The jars of Apache Kafka: fetched once from Maven Central by jgo, and held to the checksums of the lock."""

import fcntl
import hashlib
import os
import shutil
import time
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import truststore
from jgo.maven import MavenContext

from local_stack.errors import StackError

LOCK_NAME = "kafka.lock.toml"
# A registry that is busy refuses more at once; below it the download takes longer than it has to.
_AT_ONCE = 8
_ATTEMPTS = 4
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    """One file of Kafka's class path."""

    group: str
    artifact: str
    version: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """As Maven names it."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        """As Maven writes it."""
        return f"{self.group}:{self.artifact}:{self.version}"


def locked_jars() -> tuple[Jar, ...]:
    """What the committed lock names."""
    return parse_lock(files("local_stack").joinpath(LOCK_NAME).read_text())


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Read a lock file; raises ValueError or TypeError for one that is not of our making."""
    jars = tuple(Jar(**table) for table in tomllib.loads(text)["jar"])
    for jar in jars:
        if len(jar.sha256) != hashlib.sha256().digest_size * 2:
            raise ValueError(f"{jar.coordinate} has no SHA-256")
    return jars


def ensure_jars(folder: Path, *, say: Callable[[str], None]) -> list[Path]:
    """The class path, downloading into `folder` what is missing or damaged; blocks.

    `say` is told of the progress of a download, and nothing when there is nothing to do.

    Raises:
        StackError: a jar cannot be had, or is not the one that was locked.
    """
    jars = locked_jars()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two stacks that start together download once
        missing = [jar for jar in jars if not _is_good(jar, folder / jar.file_name)]
        if missing:
            _download(missing, folder, say=say)
    return [folder / jar.file_name for jar in jars]


def _is_good(jar: Jar, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == jar.size and sha256(path) == jar.sha256


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(jars: Sequence[Jar], folder: Path, *, say: Callable[[str], None]) -> None:
    total = sum(jar.size for jar in jars)
    say(f"downloading {len(jars)} jars of Apache Kafka, {total / 1e6:.0f} MB (once)")
    repository = folder / ".download"
    context = maven(repository)
    started = time.monotonic()
    done = told = 0
    try:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            running = [pool.submit(_fetch, jar, context, folder) for jar in jars]
            try:
                for finished in as_completed(running):
                    done += finished.result()
                    tenths = done * 10 // total
                    if tenths > told:
                        told = tenths
                        say(f"{tenths * 10:3d} %  {done / 1e6:.0f} of {total / 1e6:.0f} MB")
            finally:
                for job in running:
                    job.cancel()
    finally:
        shutil.rmtree(repository, ignore_errors=True)
    say(f"downloaded in {time.monotonic() - started:.0f} s")


def _fetch(jar: Jar, context: MavenContext, folder: Path) -> int:
    reason = ""
    for attempt in range(_ATTEMPTS):
        time.sleep(attempt * attempt)
        artifact = context.create_dependency(jar.coordinate).artifact
        try:
            path = artifact.resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
            reason = str(error)
            if artifact.cached_path is not None:  # jgo writes in place: what broke off would pass for whole
                artifact.cached_path.unlink(missing_ok=True)
            continue
        if sha256(path) == jar.sha256:
            os.replace(path, folder / jar.file_name)  # noqa: PTH105 - says better than rename that it may overwrite
            return jar.size
        reason = "its checksum is not the locked one"
        path.unlink()
    raise StackError(f"{jar.coordinate} cannot be had from Maven Central: {reason}")


def maven(repository: Path) -> MavenContext:
    """jgo on Maven Central, or on the mirror that MAVEN_MIRROR_URL names, with its cache in `repository`."""
    # requests knows its own list of authorities alone; a company's own is in the system's store.
    truststore.inject_into_ssl()
    mirror = os.environ.get("MAVEN_MIRROR_URL")
    return MavenContext(
        repo_cache=repository,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=_TIMEOUT_SECONDS,
    )
