"""Settings from environment variables with the prefix `ANALYZER_`, validated at start."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

from chassis.messaging.clients import LEAVING_SECONDS
from chassis.messaging.consuming.subscriber import STUCK_AFTER_SECONDS
from chassis.settings import OptionalDatabaseSettings, ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from analyzer.llm.settings import ModelSettings

# The file with the CPU limit of a container (cgroup v2).
CPU_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")
# Beyond this, more pods are better than more workers, because they consume more partitions.
_MAX_DEFAULT_WORKERS: Final = 4
# Time that an analysis takes besides the model: scoring, caching the response (at most 5 s), publishing.
_BESIDES_MODEL_SECONDS: Final = 7

# Limit for everything but the model, on a machine where much work waits for a worker.
_RULES_SECONDS: Final = 60.0


def default_workers() -> int:
    """Return the number of cores that the affinity and the container's limit allow this process."""
    cores = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):
        # "200000 100000" means two cores, "max 100000" no limit.
        quota, period = CPU_LIMIT.read_text(encoding="ascii").split()
        cores = min(cores, -(-int(quota) // int(period)))
    return max(1, min(cores, _MAX_DEFAULT_WORKERS))


class Settings(ServiceSettings, OptionalDatabaseSettings, ModelSettings):
    """Settings of the analyzer; the optional database caches responses of the model."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_", populate_by_name=True)

    port: Annotated[int, Field(ge=1, le=65535)] = 8083
    # Number of analyses and matches in flight in this process.
    concurrency: Annotated[int, Field(ge=1, le=1024)] = 64
    # An analysis that takes longer is announced as started; a shorter one never shows as processing.
    started_after_seconds: Annotated[float, Field(ge=0, le=60)] = 0.5
    # Number of worker processes; each uses a core and 50 to 105 MB, with the readings of matches.
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default_factory=default_workers)

    @property
    def analysis_seconds(self) -> float:
        """Return the time limit of an analysis; the rules take a fraction of a second."""
        if self.openai_api_key is None:
            return _RULES_SECONDS
        return self.model_wait_seconds + self.call_seconds + _RULES_SECONDS

    @property
    def match_seconds(self) -> float:
        """Return the time limit of a match, which asks no model and takes milliseconds."""
        return _RULES_SECONDS

    @property
    def stuck_after_seconds(self) -> float:
        """Return the age of an open record that means that the service is stuck.

        A record may wait for the slot of another analysis, and then take as long as that.
        """
        return max(STUCK_AFTER_SECONDS, 2 * self.analysis_seconds)

    @property
    def full_drain_seconds(self) -> float:
        """Return the drain time that loses no call to the model."""
        if self.openai_api_key is None:
            return self.drain_seconds
        return self.call_seconds + _BESIDES_MODEL_SECONDS + LEAVING_SECONDS

    @property
    def stop_seconds(self) -> float:
        """Return the configured drain time, or else the full one."""
        return self.drain_seconds if "drain_seconds" in self.model_fields_set else self.full_drain_seconds

    @property
    def warnings(self) -> Sequence[str]:
        """Return the warnings to log at start."""
        found = []
        if self.openai_api_key is not None and self.database_url is None:
            found.append("responses of the model are not cached: ANALYZER_DATABASE_URL is not set")
        if self.stop_seconds < self.full_drain_seconds:
            found.append(
                "a stop may discard calls to the model, which are then paid for again: "
                f"ANALYZER_DRAIN_SECONDS is below {self.full_drain_seconds:g}"
            )
        return found
