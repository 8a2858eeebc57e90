"""How Kafka's clients connect: encrypted or not, and as whom. `clients.py` says it to the libraries."""

import ssl
from dataclasses import dataclass, field
from typing import Literal

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
