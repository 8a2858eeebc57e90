"""Settings, from the environment: `ANALYZER_...`; all are checked at start."""

from collections.abc import Sequence
from typing import Annotated, Final

from chassis.kafka.clients import LEAVING_SECONDS
from chassis.settings import OptionalDatabaseSettings, ServiceSettings
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from analyzer.model.settings import ModelSettings

# Beyond the model's budget an analysis takes: scoring, keeping the answer (5 s at most), publishing.
_BESIDES_MODEL_SECONDS: Final = 7


class Settings(ServiceSettings, OptionalDatabaseSettings, ModelSettings):
    """All that the analyzer can be told; the database remembers the model's answers."""

    model_config = SettingsConfigDict(env_prefix="ANALYZER_", populate_by_name=True)

    port: Annotated[int, Field(ge=1, le=65535)] = 8083
    # Analyses in flight in this process.
    concurrency: Annotated[int, Field(ge=1, le=1024)] = 64

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
