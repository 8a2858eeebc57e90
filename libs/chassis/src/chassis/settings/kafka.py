"""Settings of the connection to Kafka."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator

from chassis.settings.base import SettingsWithoutInput, refuse_unused
from chassis.settings.tls import client_context

SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaslLogin:
    """User, password and SASL mechanism."""

    mechanism: SaslMechanism
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSecurity:
    """Encryption and authentication of clients. Without `login`, the certificate identifies the client."""

    tls: ssl.SSLContext | None = None
    login: SaslLogin | None = None


PLAINTEXT = KafkaSecurity()

_ADDRESS = r"(\[[0-9a-fA-F:]+\]|[^\s,:\[\]]+):\d{1,5}"


class KafkaSettings(SettingsWithoutInput):
    """Address and security of Kafka; files are PEM."""

    # host:port, or several separated by commas.
    kafka_bootstrap_servers: Annotated[str, Field(pattern=rf"^{_ADDRESS}(,{_ADDRESS})*$")]
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: SaslMechanism | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    # Trusted authorities; those of the system if not set.
    kafka_ca_file: Path | None = None
    # Client certificate, for a Kafka that requires one.
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None

    def kafka_security(self) -> KafkaSecurity:
        """Return the security of clients. Reads the files.

        Raises:
            ValueError: the settings contradict each other, or a file is unusable.
        """
        return KafkaSecurity(tls=self._kafka_tls(), login=self._kafka_login())

    @model_validator(mode="after")
    def _secure(self) -> Self:
        self.kafka_security()
        return self

    def _kafka_tls(self) -> ssl.SSLContext | None:
        files = {
            "ca_file": self.kafka_ca_file,
            "certificate_file": self.kafka_certificate_file,
            "key_file": self.kafka_key_file,
        }
        if self.kafka_security_protocol.endswith("SSL"):
            return client_context(name="kafka", **files)
        refuse_unused("kafka", files, to_use="kafka_security_protocol to SSL or SASL_SSL")
        return None

    def _kafka_login(self) -> SaslLogin | None:
        protocol = self.kafka_security_protocol
        mechanism, username, password = (
            self.kafka_sasl_mechanism,
            self.kafka_sasl_username,
            self.kafka_sasl_password,
        )
        if protocol.startswith("SASL"):
            if not (mechanism and username and password):
                raise ValueError(
                    f"{protocol} needs kafka_sasl_mechanism, kafka_sasl_username and kafka_sasl_password"
                )
            return SaslLogin(mechanism=mechanism, username=username, password=password.get_secret_value())
        login = {"mechanism": mechanism, "username": username, "password": password}
        refuse_unused("kafka_sasl", login, to_use="kafka_security_protocol to SASL_SSL or SASL_PLAINTEXT")
        return None
