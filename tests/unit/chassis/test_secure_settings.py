"""Settings of TLS and SASL, and the message for each contradiction."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from chassis.messaging.clients import create_broker, create_producer
from chassis.settings import DatabaseSettings, KafkaSecurity, KafkaSettings, SaslLogin
from pydantic import SecretStr, ValidationError

from tests.support.auth.certificates import CertificateAuthority

URL = SecretStr("postgresql+asyncpg://user:hunter2@host/db")
LOGIN = {
    "kafka_sasl_mechanism": "SCRAM-SHA-512",
    "kafka_sasl_username": "review",
    "kafka_sasl_password": "hunter2",
}
CA, CERTIFICATE, KEY = "ca.crt", "client.crt", "client.key"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create PEM files of every kind."""
    folder = tmp_path_factory.mktemp("pem")
    authority = CertificateAuthority(folder)
    for name, passphrase in (("client", None), ("other", None), ("locked", "open sesame")):
        authority.sign(name, passphrase=passphrase)
    (folder / "empty").touch()
    (folder / "text").write_text("a line of text")
    (folder / "half.crt").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    return folder


def kafka(files: Path, **said: Any) -> KafkaSettings:
    placed = {name: files / value if name.endswith("_file") else value for name, value in said.items()}
    return KafkaSettings(kafka_bootstrap_servers="kafka:9093", **placed)


def database(files: Path, **said: Any) -> DatabaseSettings:
    placed = {name: files / value if name.endswith("_file") else value for name, value in said.items()}
    return DatabaseSettings(database_url=URL, **placed)


def sentence(error: ValidationError) -> str:
    (found,) = error.errors()
    return found["msg"].removeprefix("Value error, ")


def test_default_is_plaintext(files: Path) -> None:
    assert kafka(files).kafka_security() == KafkaSecurity()
    assert database(files).database_address().tls == "prefer"
    assert database(files, database_tls="disable").database_address().tls == "disable"


@pytest.mark.parametrize(
    ("said", "encrypted", "logged_in"),
    [
        ({"kafka_security_protocol": "SSL"}, True, False),
        ({"kafka_security_protocol": "SSL", "kafka_ca_file": CA}, True, False),
        (
            {
                "kafka_security_protocol": "SSL",
                "kafka_ca_file": CA,
                "kafka_certificate_file": CERTIFICATE,
                "kafka_key_file": KEY,
            },
            True,
            False,
        ),
        ({"kafka_security_protocol": "SASL_PLAINTEXT", **LOGIN}, False, True),
        ({"kafka_security_protocol": "SASL_SSL", "kafka_ca_file": CA, **LOGIN}, True, True),
    ],
)
def test_valid_kafka_settings(files: Path, said: dict[str, str], encrypted: bool, logged_in: bool) -> None:
    security = kafka(files, **said).kafka_security()
    assert (security.login is not None) == logged_in
    assert (security.tls is not None) == encrypted
    if security.tls is not None:
        assert security.tls.check_hostname
        assert security.tls.verify_mode == ssl.CERT_REQUIRED
    assert "hunter2" not in repr(security)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("tls", [None, ssl.create_default_context()])
async def test_broker_and_producer_get_the_same_security(mechanism: Any, tls: ssl.SSLContext | None) -> None:
    security = KafkaSecurity(tls=tls, login=SaslLogin(mechanism=mechanism, username="u", password="p"))
    broker = create_broker(bootstrap_servers="a:1", client_id="c", drain_seconds=1, security=security)
    producer = create_producer(bootstrap_servers="a:1", client_id="c", security=security)
    expected = ("SASL_SSL" if tls else "SASL_PLAINTEXT", tls, mechanism, "u", "p")
    connection = broker._connection_kwargs
    assert (
        connection["security_protocol"],
        connection["ssl_context"],
        connection["sasl_mechanism"],
        connection["sasl_plain_username"],
        connection["sasl_plain_password"],
    ) == expected
    client = producer.client
    assert (
        client._security_protocol,
        client._ssl_context,
        client._sasl_mechanism,
        client._sasl_plain_username,
        client._sasl_plain_password,
    ) == expected


NEEDS_LOGIN = "SASL_SSL needs kafka_sasl_mechanism, kafka_sasl_username and kafka_sasl_password"
USE_SASL = "set kafka_security_protocol to SASL_SSL or SASL_PLAINTEXT"
USE_SSL = "set kafka_security_protocol to SSL or SASL_SSL"
VERIFY = "set database_tls to verify-full"
NO_PEM = "kafka_certificate_file and kafka_key_file must hold PEM, the key without a pass phrase"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kafka_security_protocol": "SASL_SSL"}, NEEDS_LOGIN),
        *(
            ({"kafka_security_protocol": "SASL_SSL", **LOGIN, missing: value}, NEEDS_LOGIN)
            for missing, value in (
                ("kafka_sasl_mechanism", None),
                ("kafka_sasl_username", ""),
                ("kafka_sasl_password", None),
                ("kafka_sasl_password", ""),
            )
        ),
        (
            {"kafka_sasl_mechanism": "PLAIN"},
            f"kafka_sasl_mechanism would have no effect: {USE_SASL}",
        ),
        (
            {"kafka_security_protocol": "SSL", **LOGIN},
            f"{', '.join(LOGIN)} would have no effect: {USE_SASL}",
        ),
        ({"kafka_ca_file": CA}, f"kafka_ca_file would have no effect: {USE_SSL}"),
        (
            {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_key_file": KEY, **LOGIN},
            f"kafka_key_file would have no effect: {USE_SSL}",
        ),
        *(
            ({"kafka_security_protocol": "SSL", **said}, expected)
            for said, expected in (
                (
                    {"kafka_certificate_file": CERTIFICATE},
                    "kafka_certificate_file and kafka_key_file need each other",
                ),
                ({"kafka_key_file": KEY}, "kafka_certificate_file and kafka_key_file need each other"),
                ({"kafka_ca_file": "none"}, "kafka_ca_file cannot be read: No such file or directory"),
                ({"kafka_ca_file": "."}, "kafka_ca_file cannot be read: Is a directory"),
                ({"kafka_ca_file": "empty"}, "kafka_ca_file holds no certificates in PEM"),
                ({"kafka_ca_file": "text"}, "kafka_ca_file holds no certificates in PEM"),
                ({"kafka_ca_file": "half.crt"}, "kafka_ca_file holds no certificates in PEM"),
                ({"kafka_ca_file": KEY}, "kafka_ca_file holds no certificates in PEM"),
                (
                    {"kafka_certificate_file": "none", "kafka_key_file": KEY},
                    "kafka_certificate_file cannot be read: No such file or directory",
                ),
                (
                    {"kafka_certificate_file": CERTIFICATE, "kafka_key_file": "none"},
                    "kafka_key_file cannot be read: No such file or directory",
                ),
                (
                    {"kafka_certificate_file": CERTIFICATE, "kafka_key_file": "other.key"},
                    "kafka_key_file is not the key of kafka_certificate_file",
                ),
                ({"kafka_certificate_file": "locked.crt", "kafka_key_file": "locked.key"}, NO_PEM),
                ({"kafka_certificate_file": KEY, "kafka_key_file": KEY}, NO_PEM),
                ({"kafka_certificate_file": CERTIFICATE, "kafka_key_file": "empty"}, NO_PEM),
            )
        ),
    ],
)
def test_contradictory_kafka_settings_are_refused(files: Path, said: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kafka(files, **said)
    assert sentence(caught.value) == expected
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "said", [{"kafka_security_protocol": "TLS"}, {"kafka_sasl_mechanism": "GSSAPI"}, {"database_tls": "on"}]
)
def test_unknown_values_are_refused(files: Path, said: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="Input should be"):
        (database if "database_tls" in said else kafka)(files, **said)


def test_key_in_place_of_its_path_is_not_printed(files: Path) -> None:
    pem = (files / KEY).read_text()
    with pytest.raises(ValidationError) as caught:
        KafkaSettings(
            kafka_bootstrap_servers="kafka:9093",
            kafka_security_protocol="SSL",
            kafka_certificate_file=files / CERTIFICATE,
            kafka_key_file=Path(pem),
        )
    assert "kafka_key_file cannot be read" in str(caught.value)
    assert pem.splitlines()[1] not in str(caught.value)


def test_valid_database_settings(files: Path) -> None:
    address = database(
        files,
        database_tls="verify-full",
        database_ca_file=CA,
        database_certificate_file=CERTIFICATE,
        database_key_file=KEY,
    ).database_address()
    assert isinstance(address.tls, ssl.SSLContext)
    assert address.tls.check_hostname
    assert address.tls.verify_mode == ssl.CERT_REQUIRED
    assert "hunter2" not in repr(address)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"database_ca_file": CA}, f"database_ca_file would have no effect: {VERIFY}"),
        (
            {"database_tls": "disable", "database_certificate_file": CERTIFICATE, "database_key_file": KEY},
            f"database_certificate_file, database_key_file would have no effect: {VERIFY}",
        ),
        (
            {"database_tls": "verify-full", "database_key_file": KEY},
            "database_certificate_file and database_key_file need each other",
        ),
        (
            {"database_tls": "verify-full", "database_ca_file": "none"},
            "database_ca_file cannot be read: No such file or directory",
        ),
    ],
)
def test_contradictory_database_settings_are_refused(
    files: Path, said: dict[str, str], expected: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        database(files, **said)
    assert sentence(caught.value) == expected
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("query", ["ssl=require", "sslmode=verify-full", "a=b&sslrootcert=/ca.crt"])
def test_ssl_options_in_the_url_are_refused(query: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DatabaseSettings(database_url=SecretStr(f"{URL.get_secret_value()}?{query}"))
    assert sentence(caught.value) == "must not speak of ssl: database_tls does"


def test_invalid_url_is_refused_without_being_printed() -> None:
    with pytest.raises(ValidationError) as caught:
        DatabaseSettings(database_url=SecretStr("postgresql+asyncpg://user:hunter2@host:port/db"))
    assert sentence(caught.value) == "is no address"
    assert "hunter2" not in str(caught.value)
