"""Ports, and the lock of Kafka's jars."""

import re
import tomllib
from dataclasses import asdict

import local_stack.ports
import pytest
from local_stack.kafka.jars import LOCK_NAME, locked_jars, parse_lock
from local_stack.paths import ROOT
from local_stack.ports import Ports, free_ports


def test_ports_are_distinct() -> None:
    ports = asdict(Ports())
    assert len(set(ports.values())) == len(ports)


def test_free_ports_are_distinct_and_unused() -> None:
    ports = Ports.free()
    assert len(set(asdict(ports).values())) == len(asdict(ports))
    assert ports.busy() == {}
    assert len(set(free_ports(20))) == 20


def test_unused_port_that_was_given_away_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setattr(local_stack.ports, "_FREE_FROM", port)
    monkeypatch.setattr(local_stack.ports, "_FREE_TO", port + 1)
    with pytest.raises(RuntimeError, match="fewer than 1 free ports"):
        free_ports(1)


def test_every_locked_jar_has_its_checksum() -> None:
    jars = locked_jars()
    assert {"kafka_2.13", "kafka-clients", "log4j-slf4j-impl"} <= {jar.artifact for jar in jars}
    assert len({(jar.group, jar.artifact) for jar in jars}) == len(jars)
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)


def test_jar_without_checksum_is_refused() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        parse_lock('[[jar]]\ngroup="g"\nartifact="a"\nversion="1"\nsha256=""\nsize=1\n')


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-uv.lock"])
def test_locks_pin_hashes_and_contain_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    requirements = re.findall(r"^\S+==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(requirements) == len(re.findall(r"^[a-zA-Z]", text, re.MULTILINE)) > 0


def test_dependencies_of_all_members_are_locked() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    for path in (ROOT / "pyproject.toml", *ROOT.glob("*/pyproject.toml"), *ROOT.glob("*/*/pyproject.toml")):
        content = tomllib.loads(path.read_text())
        wanted = content["project"].get("dependencies", []) + content.get("dependency-groups", {}).get(
            "dev", []
        )
        names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted}
        ours = {name for name in names if name.startswith("resume-review-")}
        assert names - ours <= locked, f"{path}: run make lock"


def test_jar_lock_contains_no_addresses() -> None:
    lock = ROOT / "deploy" / "local" / "src" / "local_stack" / "kafka" / LOCK_NAME
    assert "://" not in lock.read_text()
