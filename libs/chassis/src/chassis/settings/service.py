"""Settings that every service has."""

from typing import Annotated, Literal

from pydantic import Field

from chassis.settings.kafka import KafkaSettings


class ServiceSettings(KafkaSettings):
    """Port, logs, time to stop, and Kafka."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    # Time between SIGTERM and the stop, in which callers leave for other replicas.
    shutdown_delay_seconds: Annotated[float, Field(ge=0, le=60)] = 0
    # Time for a stop after open requests were answered. Work that still runs then is abandoned, and another
    # member of the consumer group repeats it.
    drain_seconds: Annotated[float, Field(ge=0, le=10_800)] = 20
