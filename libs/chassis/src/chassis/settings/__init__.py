"""Settings that services share. Each service adds its own and sets the prefix of the environment."""

from chassis.settings.auth import AuthSettings
from chassis.settings.database import (
    DatabaseAddress,
    DatabaseSettings,
    MigrationSettings,
    OptionalDatabaseSettings,
)
from chassis.settings.kafka import PLAINTEXT, KafkaSecurity, KafkaSettings, SaslLogin, SaslMechanism
from chassis.settings.service import ServiceSettings

__all__ = [
    "PLAINTEXT",
    "AuthSettings",
    "DatabaseAddress",
    "DatabaseSettings",
    "KafkaSecurity",
    "KafkaSettings",
    "MigrationSettings",
    "OptionalDatabaseSettings",
    "SaslLogin",
    "SaslMechanism",
    "ServiceSettings",
]
