"""Settings, from the environment: `ANALYZER_...`; all are checked at start."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

from chassis.messaging.clients import LEAVING_SECONDS
from chassis.settings import OptionalDatabaseSettings, ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from analyzer.llm.client.settings import ModelSettings

# Where a container is told its limit (cgroup v2).
CPU_LIMIT: Final = Path("/sys/fs/cgroup/cpu.max")
# More cores in one process are rarely given, and more pods feed on more partitions.
_WORKERS_MOST: Final = 4
# Beyond the model's budget an analysis takes: scoring, keeping the answer (5 s at most), publishing.
_BESIDES_MODEL_SECONDS: Final = 7


def default_workers() -> int:
    """The cores that this process may use, as far as the kernel and a container's limit tell."""
    cores = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):
        # "200000 100000" is two cores; "max 100000" is no limit.
        quota, period = CPU_LIMIT.read_text(encoding="ascii").split()
        cores = min(cores, -(-int(quota) // int(period)))
    return max(1, min(cores, _WORKERS_MOST))


class Settings(ServiceSettings, OptionalDatabaseSettings, ModelSettings):
    """All that the analyzer can be told; the database remembers the model's answers."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_", populate_by_name=True)

    port: Annotated[int, Field(ge=1, le=65535)] = 8083
    # Analyses in flight in this process.
    concurrency: Annotated[int, Field(ge=1, le=1024)] = 64
    # An analysis that takes longer is announced as started; a shorter one goes from pending to its end.
    started_after_seconds: Annotated[float, Field(ge=0, le=60)] = 0.5
    # Processes that score, a core and some 45 MB for each.
    workers: Annotated[int, Field(ge=1, le=64)] = Field(default_factory=default_workers)

    @property
    def analysis_seconds(self) -> float:
        """What an analysis may take before it is given up: the rules take fractions of a second."""
        return self.model_budget_seconds + 60

    @property
    def full_drain_seconds(self) -> float:
        """How long a stop has to take so that no call of the model is thrown away."""
        if self.openai_api_key is None:
            return self.drain_seconds
        return self.model_budget_seconds + _BESIDES_MODEL_SECONDS + LEAVING_SECONDS

    @property
    def stop_seconds(self) -> float:
        """As told, or else as long as it has to take."""
        return self.drain_seconds if "drain_seconds" in self.model_fields_set else self.full_drain_seconds

    @property
    def warnings(self) -> Sequence[str]:
        """What the log says at start."""
        found = []
        if self.openai_api_key is not None and self.database_url is None:
            found.append("answers of the model are not remembered: ANALYZER_DATABASE_URL is not set")
        if self.stop_seconds < self.full_drain_seconds:
            found.append(
                "a stop may throw away calls of the model that are then paid for again: "
                f"ANALYZER_DRAIN_SECONDS is below {self.full_drain_seconds:g}"
            )
        return found
