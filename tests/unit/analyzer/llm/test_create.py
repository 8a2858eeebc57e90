import pytest
from analyzer.llm.create import create_model
from analyzer.settings import Settings


@pytest.mark.parametrize(
    ("environment", "is_on"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": ""}, False),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, False),
        ({"OPENAI_API_KEY": "sk-canary"}, True),
        ({"ANALYZER_OPENAI_API_KEY": "sk-canary", "ANALYZER_MODEL": "m"}, True),
    ],
)
def test_only_an_api_key_enables_the_model(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_on: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings(kafka_bootstrap_servers="127.0.0.1:9")
    assert (create_model(settings) is not None) is is_on
    assert "canary" not in repr(settings)
