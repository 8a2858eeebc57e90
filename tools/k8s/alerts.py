"""The alerts that the chart brings: what promtool says of them, and which of them are tested."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from tools.k8s.programs import ROOT, promtool, run, said
from tools.k8s.render import Object

# Beside the rules that the chart takes from deploy/observability.
TESTS = ROOT / "deploy" / "observability" / "prometheus" / "tests"


def alerts(objects: Sequence[Object]) -> set[str]:
    """Their names."""
    return {
        rule["alert"]
        for one in objects
        if one["kind"] == "PrometheusRule"
        for group in one["spec"].get("groups", ())
        for rule in group.get("rules", ())
        if "alert" in rule
    }


def with_tests(folder: Path = TESTS) -> set[str]:
    """Alerts with a test in which they fire, and one in which they do not."""
    fires: set[str] = set()
    rests: set[str] = set()
    for file in folder.glob("*.yaml"):
        for test in yaml.safe_load(file.read_text())["tests"]:
            for asked in test.get("alert_rule_test", ()):
                (fires if asked.get("exp_alerts") else rests).add(asked["alertname"])
    return fires & rests


def problems(objects: Sequence[Object]) -> Iterator[str]:
    """What `promtool check rules` and `promtool test rules` say. Raises ToolMissing."""
    rules = [one for one in objects if one["kind"] == "PrometheusRule"]
    with tempfile.TemporaryDirectory() as folder:
        for one in rules:
            file = Path(folder) / f"{one['metadata']['name']}.yaml"
            file.write_text(yaml.safe_dump(one["spec"]))
            yield from _ask("check", "rules", file)
    tests = sorted(TESTS.glob("*.yaml"))
    if tests:
        yield from _ask("test", "rules", *tests)
    for name in sorted(alerts(objects) - with_tests()):
        yield f"{name} has no test in which it fires and one in which it does not"


def _ask(*command: str | Path) -> Iterator[str]:
    try:
        run(promtool(), *command)
    except subprocess.CalledProcessError as error:
        yield said(error)
