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
    """A user, and how the password is proven."""

    mechanism: SaslMechanism
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSecurity:
    """Without `tls` nothing is encrypted; without `login` one is who the certificate says, or nobody."""

    tls: ssl.SSLContext | None = None
    login: SaslLogin | None = None


PLAINTEXT = KafkaSecurity()

_ADDRESS = r"(\[[0-9a-fA-F:]+\]|[^\s,:\[\]]+):\d{1,5}"


class KafkaSettings(SettingsWithoutInput):
    """Where Kafka is, and how to connect to it; files are PEM."""

    # host:port, or several with commas between.
    kafka_bootstrap_servers: Annotated[str, Field(pattern=rf"^{_ADDRESS}(,{_ADDRESS})*$")]
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: SaslMechanism | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    # Whom to trust; the system's authorities when not set.
    kafka_ca_file: Path | None = None
    # Who we are, to a Kafka that asks for it.
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None

    def kafka_security(self) -> KafkaSecurity:
        """What the settings say, with the files as they are now.

        Raises:
            ValueError: they contradict each other, or a file is of no use.
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
