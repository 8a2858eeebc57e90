"""Settings that every service has."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.settings.kafka import KafkaSettings


class ServiceSettings(KafkaSettings):
    """Where a service listens, how it logs, and where Kafka is."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    # How long a stop may take, once open requests were answered; what still runs then is abandoned, and
    # done again by another member of the group.
    drain_seconds: Annotated[float, Field(ge=0, le=600)] = 20
