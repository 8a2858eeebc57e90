"""Kafka and PostgreSQL servers that require TLS and authentication, and the settings to connect to them."""

import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

from local_stack.kafka.broker import Kafka
from local_stack.ports import LOOPBACK, free_ports
from local_stack.postgres import Postgres, owner_of

from tests.support.auth.certificates import CertificateAuthority, CertificateFiles

PASSWORD = "a-password-of-kafka"
USER = "review"
# The one name in the servers' certificates; they listen at 127.0.0.1, which is not in them.
HOST = "localhost"
# Listeners in addition to the plain one, which the tests themselves use.
LISTENERS = {"LOGIN": "SASL_SSL", "OPEN": "SASL_PLAINTEXT", "CERTIFICATE": "SSL"}
SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")

# results_api needs a client certificate with its name besides its password.
_HBA = """\
hostssl results_api results_api 127.0.0.1/32 scram-sha-256 clientcert=verify-full
hostssl all         all         127.0.0.1/32 scram-sha-256
"""


class SecuredKafka:
    """A broker with TLS and SASL listeners, and settings that it accepts."""

    def __init__(self, folder: Path, authority: CertificateAuthority) -> None:
        self._authority = authority
        self._client = authority.sign("review")
        port, controller_port, *others = free_ports(2 + len(LISTENERS))
        self._ports = dict(zip(LISTENERS, others, strict=True))
        self.server = Kafka(
            data_dir=folder / "kafka",
            port=port,
            controller_port=controller_port,
            settings=self._settings(port, controller_port, authority.sign("kafka", hosts=(HOST,))),
            format_options=[f"--add-scram={each}=[name={USER},password={PASSWORD}]" for each in SCRAM],
        )

    def password_settings(self, mechanism: str = "SCRAM-SHA-512", *, host: str = HOST) -> dict[str, Any]:
        """Return settings like those of a Strimzi user of type scram-sha-512."""
        return {
            "kafka_bootstrap_servers": f"{host}:{self._ports['LOGIN']}",
            "kafka_security_protocol": "SASL_SSL",
            "kafka_sasl_mechanism": mechanism,
            "kafka_sasl_username": USER,
            "kafka_sasl_password": PASSWORD,
            "kafka_ca_file": self._authority.ca_file,
        }

    def cleartext_settings(self, mechanism: str) -> dict[str, Any]:
        """Return settings with a password but without TLS."""
        settings = self.password_settings(mechanism)
        del settings["kafka_ca_file"]
        return settings | {
            "kafka_bootstrap_servers": f"{HOST}:{self._ports['OPEN']}",
            "kafka_security_protocol": "SASL_PLAINTEXT",
        }

    def certificate_settings(self) -> dict[str, Any]:
        """Return settings like those of a Strimzi user of type tls."""
        return {
            "kafka_bootstrap_servers": f"{HOST}:{self._ports['CERTIFICATE']}",
            "kafka_security_protocol": "SSL",
            "kafka_ca_file": self._authority.ca_file,
            "kafka_certificate_file": self._client.certificate,
            "kafka_key_file": self._client.key,
        }

    def _settings(self, port: int, controller_port: int, server: CertificateFiles) -> list[str]:
        """Return lines of server.properties."""
        keystore = server.key.with_suffix(".pem")
        keystore.write_bytes(server.key.read_bytes() + server.certificate.read_bytes())
        bound = {"PLAINTEXT": port, "CONTROLLER": controller_port, **self._ports}
        lines = [
            "listeners=" + ",".join(f"{name}://{LOOPBACK}:{at}" for name, at in bound.items()),
            f"advertised.listeners=PLAINTEXT://{LOOPBACK}:{port},"
            + ",".join(f"{name}://{HOST}:{at}" for name, at in self._ports.items()),
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
            + ",".join(f"{name}:{protocol}" for name, protocol in LISTENERS.items()),
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={keystore}",
            "ssl.truststore.type=PEM",
            f"ssl.truststore.location={self._authority.ca_file}",
            "listener.name.certificate.ssl.client.auth=required",
            "sasl.enabled.mechanisms=PLAIN," + ",".join(SCRAM),
        ]
        package = "org.apache.kafka.common.security"
        for listener in ("login", "open"):
            lines += [
                f"listener.name.{listener}.{each.lower()}.sasl.jaas.config="
                f"{package}.scram.ScramLoginModule required;"
                for each in SCRAM
            ]
            lines.append(
                f"listener.name.{listener}.plain.sasl.jaas.config="
                f'{package}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
            )
        return lines


class SecuredPostgres:
    """A server that accepts TLS connections only, and settings that it accepts."""

    def __init__(self, folder: Path, authority: CertificateAuthority, *, programs: Path) -> None:
        self._authority = authority
        self._client = authority.sign("results_api")
        pair = authority.sign("postgres", hosts=(HOST,))
        hba = folder / "pg_hba.conf"
        hba.write_text(_HBA)
        (port,) = free_ports(1)
        self.server = Postgres(
            data_dir=folder / "postgres",
            port=port,
            durable=False,
            settings=[
                "ssl=on",
                f"ssl_cert_file={pair.certificate}",
                f"ssl_key_file={pair.key}",
                f"ssl_ca_file={authority.ca_file}",
                f"hba_file={hba}",
            ],
            programs=programs,
        )

    def owner_url(self, package: str) -> str:
        """Return the URL of a service's database for its owner."""
        return self.server.url(package, role=owner_of(package)).replace(LOOPBACK, HOST)

    def settings(self, package: str, *, host: str = HOST) -> dict[str, Any]:
        """Return the database settings of a service."""
        settings: dict[str, Any] = {
            "database_url": self.server.url(package).replace(LOOPBACK, host),
            "database_tls": "verify-full",
            "database_ca_file": self._authority.ca_file,
        }
        if package == "results_api":
            settings["database_certificate_file"] = self._client.certificate
            settings["database_key_file"] = self._client.key
        return settings


def postgres_with_tls() -> Path | None:
    """Return the program folder of an installed PostgreSQL with TLS; the one from the wheel has none."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if somewhere := shutil.which("postgres"):
        found.append(Path(somewhere).resolve().parent)
    for programs in found:
        config = programs / "pg_config"
        if (programs / "initdb").exists() and config.exists():
            built = subprocess.run([config, "--configure"], capture_output=True, text=True, check=True)
            if "openssl" in built.stdout:
                return programs
    return None


class AuthorizedKafka:
    """A broker with password logins that denies everything its access rules do not allow.

    Its plain listener is the administrator's, and the tests use it.
    """

    def __init__(self, folder: Path, *, users: Collection[str]) -> None:
        port, controller_port, self._login_port = free_ports(3)
        listeners = {"PLAINTEXT": port, "CONTROLLER": controller_port, "LOGIN": self._login_port}
        plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        known = " ".join(f'user_{user}="{password_of(user)}"' for user in users)
        self.server = Kafka(
            data_dir=folder / "authorized-kafka",
            port=port,
            controller_port=controller_port,
            settings=[
                "listeners=" + ",".join(f"{name}://{LOOPBACK}:{at}" for name, at in listeners.items()),
                f"advertised.listeners=PLAINTEXT://{LOOPBACK}:{port},LOGIN://{LOOPBACK}:{self._login_port}",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT",
                "sasl.enabled.mechanisms=PLAIN",
                f"listener.name.login.plain.sasl.jaas.config={plain} {known};",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS",
            ],
        )

    def settings(self, user: str) -> dict[str, Any]:
        """Return the Kafka settings of a service that logs in as `user`."""
        return {
            "kafka_bootstrap_servers": f"{LOOPBACK}:{self._login_port}",
            "kafka_security_protocol": "SASL_PLAINTEXT",
            "kafka_sasl_mechanism": "PLAIN",
            "kafka_sasl_username": user,
            "kafka_sasl_password": password_of(user),
        }


def password_of(user: str) -> str:
    """Return the password of a user."""
    return f"a-password-of-{user}"
