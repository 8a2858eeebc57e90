import pytest
from chassis.settings import DatabaseSettings, ServiceSettings
from pydantic import SecretStr, ValidationError


@pytest.mark.parametrize("servers", ["kafka:9092", "a:1,b:2", "[::1]:9092", "10.0.0.1:65535"])
def test_valid_bootstrap_servers(servers: str) -> None:
    assert ServiceSettings(port=1, kafka_bootstrap_servers=servers).kafka_bootstrap_servers == servers


@pytest.mark.parametrize("servers", ["", " ", ",", "kafka", "kafka:abc", "a:1,", "a:1, b:2", "a:1;b:2"])
def test_invalid_bootstrap_servers_are_refused(servers: str) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings(port=1, kafka_bootstrap_servers=servers)


def test_validation_error_does_not_quote_the_secret() -> None:
    with pytest.raises(ValidationError) as caught:
        DatabaseSettings(database_url=SecretStr("postgresql://user:hunter2@host/db"))
    assert "must start with postgresql+asyncpg://" in str(caught.value)
    assert "hunter2" not in str(caught.value)
