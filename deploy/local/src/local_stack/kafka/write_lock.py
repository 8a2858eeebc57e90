"""Regenerate kafka.lock.toml: `python -m local_stack.kafka.write_lock`, a step of `make lock`."""

import tempfile
from pathlib import Path

from local_stack.kafka.jars import LOCK_NAME, maven, sha256

KAFKA = "org.apache.kafka:kafka_2.13:4.4.0"
# Parts of Kafka log through SLF4J, and Kafka's POM does not include a binding.
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl"
_SCOPES = (None, "compile", "runtime")

HEADER = f"""\
# The jars of {KAFKA}. Made by `make lock`; to upgrade, change the version in write_lock.py.
# Maven coordinates and checksums only: the download address depends on the machine.
"""


def main() -> None:
    """Resolve the dependencies, download and hash the jars, and write the lock file."""
    with tempfile.TemporaryDirectory() as repository:
        context = maven(Path(repository))
        roots, others = context.resolver.resolve([context.create_dependency(KAFKA)])
        found = [dependency for dependency in (*roots, *others) if dependency.scope in _SCOPES]
        log4j = next(dependency.version for dependency in found if dependency.artifactId == "log4j-core")
        found.append(context.create_dependency(f"{LOG_BINDING}:{log4j}"))
        tables = []
        for dependency in sorted(found, key=lambda it: (it.groupId, it.artifactId)):
            path = dependency.artifact.resolve()
            tables.append(
                f"""
[[jar]]
group = "{dependency.groupId}"
artifact = "{dependency.artifactId}"
version = "{dependency.version}"
sha256 = "{sha256(path)}"
size = {path.stat().st_size}
"""
            )
    (Path(__file__).parent / LOCK_NAME).write_text(HEADER + "".join(tables))
    print(f"{LOCK_NAME}: {len(tables)} jars")


if __name__ == "__main__":
    main()
