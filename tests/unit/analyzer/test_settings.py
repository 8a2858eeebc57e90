"""Validation and derived values of the analyzer's settings."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from analyzer.llm.settings import ModelSettings
from analyzer.settings import Settings
from chassis.messaging.clients import CONSUMER_DEFAULTS
from local_stack.paths import ROOT
from pydantic import SecretStr, ValidationError


def settings(**changes: Any) -> Settings:
    return Settings(kafka_bootstrap_servers="127.0.0.1:9", **changes)


MODEL = {"openai_api_key": SecretStr("sk-canary")}
DATABASE = {"database_url": SecretStr("postgresql+asyncpg://a:b@127.0.0.1/analyzer")}


@pytest.mark.parametrize(
    ("changes", "seconds", "warnings"),
    [
        ({}, 20, 0),
        ({"drain_seconds": 5}, 5, 0),
        ({**MODEL, **DATABASE}, 105, 0),
        ({**MODEL, **DATABASE, "model_budget_seconds": 60}, 75, 0),
        ({**MODEL, **DATABASE, "drain_seconds": 105}, 105, 0),
        ({**MODEL, **DATABASE, "drain_seconds": 104}, 104, 1),
        (MODEL, 105, 1),
        (DATABASE, 20, 0),
    ],
)
def test_drain_time_covers_a_call_to_the_model(changes: Any, seconds: float, warnings: int) -> None:
    found = settings(**changes)
    assert (found.stop_seconds, len(found.warnings)) == (seconds, warnings)


def test_analysis_may_wait_for_its_calls() -> None:
    assert settings().analysis_seconds == 60
    assert settings(**MODEL).analysis_seconds == 600 + 90 + 60
    slow = settings(**MODEL, model_wait_seconds=3600, model_request_seconds=3600)
    assert slow.analysis_seconds == 3600 + 7200 + 60
    assert slow.stuck_after_seconds > 2 * slow.analysis_seconds - 1
    assert settings().stuck_after_seconds == 900
    # Kafka expects a poll within this time.
    assert slow.analysis_seconds * 1000 < CONSUMER_DEFAULTS["max_poll_interval_ms"]
    assert settings(**MODEL, **DATABASE, model_request_seconds=3600, drain_seconds=7215).warnings == []


def test_budget_that_ends_before_a_request_is_rejected() -> None:
    assert settings(model_request_seconds=30, model_budget_seconds=30).call_seconds == 30
    with pytest.raises(ValidationError, match="BUDGET_SECONDS is below ANALYZER_MODEL_REQUEST_SECONDS"):
        settings(model_budget_seconds=30)


def test_database_url_is_optional_and_must_be_postgresql() -> None:
    assert settings(database_url="").database_url is None
    with pytest.raises(ValidationError):
        settings(database_url="sqlite://")


@pytest.mark.parametrize(
    ("cores", "quota", "workers"),
    [
        (2, None, 2),
        (1, None, 1),
        (64, None, 4),
        (64, "max 100000", 4),
        (64, "150000 100000", 2),
        (8, "5 100", 1),
    ],
)
def test_default_workers_follow_affinity_and_container_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cores: int, quota: str | None, workers: int
) -> None:
    limit = tmp_path / "cpu.max"
    if quota is not None:
        limit.write_text(quota)
    monkeypatch.setattr("analyzer.settings.CPU_LIMIT", limit)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
    assert settings().workers == workers
    assert settings(workers=7).workers == 7


@pytest.mark.parametrize("name", ["ft:gpt-4.1-mini:org_1/team@2026+a", "x" * 100])
def test_valid_model_name_is_accepted(name: str) -> None:
    assert settings(model=name).model == name


@pytest.mark.parametrize("name", ["", "gpt 4", "<b>", "gpt-4\n", "モデル", "x" * 101])
def test_invalid_model_name_is_rejected(name: str) -> None:
    with pytest.raises(ValidationError, match="model"):
        settings(model=name)


def test_response_size_limit_follows_from_the_token_limit() -> None:
    assert settings().max_answer_bytes == 64 * 1024 + 64 * 8_000
    assert settings(model_output_tokens=500).max_answer_bytes < settings().max_answer_bytes


def passed_by_compose() -> set[str]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return set(compose["services"]["analyzer"]["environment"])


def test_compose_passes_all_settings_of_the_model_and_empty_ones_are_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = {name.upper() for name in ModelSettings.model_fields if name.startswith("model_")}
    names = {f"ANALYZER_{name}" for name in {*names, "DRAIN_SECONDS"}}
    assert names <= passed_by_compose()
    for name in names:
        monkeypatch.setenv(name, "")
    assert settings(**MODEL).model_fields_set == {"kafka_bootstrap_servers", "openai_api_key"}
    # The drain time still follows from the time of a call.
    assert settings(**MODEL).stop_seconds == 105
    monkeypatch.setenv("ANALYZER_MODEL_REQUEST_SECONDS", "60")
    assert settings(**MODEL).stop_seconds == 135


@pytest.mark.parametrize("name", ["MODEL_WAIT_SECONDS", "MODEL_INPUT_PRICE", "DRAIN_SECONDS"])
def test_wrong_value_is_no_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"ANALYZER_{name}", "x")
    with pytest.raises(ValidationError, match=name.lower()):
        settings(**MODEL)
