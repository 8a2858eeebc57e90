"""Download the jars of Apache Kafka once from Maven Central and verify them against the lock file."""

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
# A busy registry refuses more parallel downloads. Fewer would be slower.
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
        """File name in Maven's format."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        """Coordinate in Maven's format."""
        return f"{self.group}:{self.artifact}:{self.version}"


def locked_jars() -> tuple[Jar, ...]:
    """Return the jars in the committed lock file."""
    return parse_lock(files("local_stack.kafka").joinpath(LOCK_NAME).read_text())


def parse_lock(text: str) -> tuple[Jar, ...]:
    """Parse a lock file. Raises ValueError or TypeError if it is not valid."""
    jars = tuple(Jar(**table) for table in tomllib.loads(text)["jar"])
    for jar in jars:
        if len(jar.sha256) != hashlib.sha256().digest_size * 2:
            raise ValueError(f"{jar.coordinate} has no SHA-256")
    return jars


def ensure_jars(folder: Path, *, say: Callable[[str], None]) -> list[Path]:
    """Download missing or damaged jars into `folder` and return the class path. Blocks.

    `say` receives the progress of a download. It is not called if all jars are present.

    Raises:
        StackError: a jar could not be downloaded, or its checksum differs from the lock.
    """
    jars = locked_jars()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two stacks that start at the same time download once
        missing = [jar for jar in jars if not _is_good(jar, folder / jar.file_name)]
        if missing:
            _download(missing, folder, say=say)
    return [folder / jar.file_name for jar in jars]


def _is_good(jar: Jar, path: Path) -> bool:
    return path.is_file() and path.stat().st_size == jar.size and sha256(path) == jar.sha256


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as a hex string."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(jars: Sequence[Jar], folder: Path, *, say: Callable[[str], None]) -> None:
    total = sum(jar.size for jar in jars)
    say(f"downloading {len(jars)} jars of Apache Kafka, {total / 1e6:.0f} MB (once)")
    repository = folder / ".download"
    context = maven(repository)
    started = time.monotonic()
    done = reported = 0
    try:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            running = [pool.submit(_fetch, jar, context, folder) for jar in jars]
            try:
                for finished in as_completed(running):
                    done += finished.result()
                    tenths = done * 10 // total
                    if tenths > reported:
                        reported = tenths
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
            if (
                artifact.cached_path is not None
            ):  # jgo writes in place: a partial download would look complete
                artifact.cached_path.unlink(missing_ok=True)
            continue
        if sha256(path) == jar.sha256:
            os.replace(path, folder / jar.file_name)  # noqa: PTH105 - clearer than rename about overwriting
            return jar.size
        reason = "its checksum differs from the lock"
        path.unlink()
    raise StackError(f"{jar.coordinate} could not be downloaded from Maven Central: {reason}")


def maven(repository: Path) -> MavenContext:
    """Return a jgo context for Maven Central or MAVEN_MIRROR_URL, with its cache in `repository`."""
    # requests ignores the system's trust store, which may hold a company's own certificate authority.
    truststore.inject_into_ssl()
    mirror = os.environ.get("MAVEN_MIRROR_URL")
    return MavenContext(
        repo_cache=repository,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=_TIMEOUT_SECONDS,
    )
