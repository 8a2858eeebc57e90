"""Checks the alerts of the chart with promtool, and that each has tests."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from tools.k8s.programs import ROOT, error_output, promtool, run
from tools.k8s.render import Object

# The tests of the rules in deploy/observability, which the chart includes.
TESTS = ROOT / "deploy" / "observability" / "prometheus" / "tests"


def alerts(objects: Sequence[Object]) -> set[str]:
    """Return the names of all alerts."""
    return {
        rule["alert"]
        for one in objects
        if one["kind"] == "PrometheusRule"
        for group in one["spec"].get("groups", ())
        for rule in group.get("rules", ())
        if "alert" in rule
    }


def with_tests(folder: Path = TESTS) -> set[str]:
    """Return the alerts with a test in which they fire and one in which they do not."""
    fires: set[str] = set()
    rests: set[str] = set()
    for file in folder.glob("*.yaml"):
        for test in yaml.safe_load(file.read_text())["tests"]:
            for each in test.get("alert_rule_test", ()):
                (fires if each.get("exp_alerts") else rests).add(each["alertname"])
    return fires & rests


def problems(objects: Sequence[Object]) -> Iterator[str]:
    """Yield what `promtool check rules` and `promtool test rules` report. Raises ToolMissing."""
    rules = [one for one in objects if one["kind"] == "PrometheusRule"]
    with tempfile.TemporaryDirectory() as folder:
        for one in rules:
            file = Path(folder) / f"{one['metadata']['name']}.yaml"
            file.write_text(yaml.safe_dump(one["spec"]))
            yield from _run_promtool("check", "rules", file)
    tests = sorted(TESTS.glob("*.yaml"))
    if tests:
        yield from _run_promtool("test", "rules", *tests)
    for name in sorted(alerts(objects) - with_tests()):
        yield f"{name} has no test in which it fires and one in which it does not"


def _run_promtool(*command: str | Path) -> Iterator[str]:
    try:
        run(promtool(), *command)
    except subprocess.CalledProcessError as error:
        yield error_output(error)
