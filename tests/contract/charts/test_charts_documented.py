"""The values in docs/operations render to valid objects, as they stand there."""

import re
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml
from local_stack.paths import ROOT

from tools.k8s import policies, render, schemas

DOCS = ROOT / "docs/operations"
INSTALL = (DOCS / "install.md").read_text()


def block(text: str, after: str) -> str:
    """Return the first block of YAML after a sentence."""
    _, found, rest = text.partition(after)
    assert found
    return re.split(r"(?m)^```(?:yaml)?\n", rest)[1]


def settings(column: str) -> list[str]:
    """Return the settings that leave something out, with the services in the place of a star."""
    return [
        name.replace("*", service)
        for name in re.findall(r"`([\w*.]+)=false`", column)
        for service in (("requestApi", "resultsApi") if "*" in name else ("",))
    ]


LEFT_OUT = [
    (row.split("|")[1].strip(), settings(row.split("|")[3]))
    for row in INSTALL.split("\n## ")[1].splitlines()
    if "=false`" in row
]


def rendered(chart: str, folder: Path, *texts: str) -> list[render.Object]:
    """Render a chart with some values and return its objects, which have to be valid."""
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.yaml")
        files[-1].write_text(text)
    found = render.objects(render.render_with(chart, *files))
    assert [line for one in found for line in schemas.problems(one)] == []
    assert policies.problems(found) == []
    return found


def test_values_of_the_installation_are_enough(helm: Path, tmp_path: Path) -> None:
    infra = rendered("resume-review-infra", tmp_path, block(INSTALL, "at least this to `infra.yaml`"))
    services = rendered("resume-review", tmp_path, block(INSTALL, "at least this to `values.yaml`"))

    assert {"Kafka", "Cluster", "ScheduledBackup"} <= {one["kind"] for one in infra}
    assert {"Deployment", "Gateway", "ScaledObject"} <= {one["kind"] for one in services}


@pytest.mark.parametrize(("component", "left_out"), LEFT_OUT, ids=[row[0] for row in LEFT_OUT])
def test_each_component_can_be_left_out(
    helm: Path, tmp_path: Path, component: str, left_out: list[str]
) -> None:
    known = 0
    value: Any
    for chart, sentence in (("resume-review", "`values.yaml`"), ("resume-review-infra", "`infra.yaml`")):
        defaults = yaml.safe_load((render.CHARTS / chart / "values.yaml").read_text())
        for name in left_out:
            path = name.split(".")
            if reduce(lambda found, key: found.get(key, {}), path, defaults) != {}:
                known += 1
                value = False
                for key in reversed(path):
                    value = {key: value}
                documented = block(INSTALL, f"at least this to {sentence}")
                rendered(chart, tmp_path, documented, yaml.safe_dump(value))

    assert known >= len(left_out), f"{component}: no chart has {left_out}"


def test_values_of_a_recovery_are_valid(helm: Path, tmp_path: Path) -> None:
    recovery = block((DOCS / "disaster-recovery.md").read_text(), "from the backup folder of the old one:")

    found = rendered(
        "resume-review-infra", tmp_path, block(INSTALL, "at least this to `infra.yaml`"), recovery
    )
    assert "resume-review-db-2" in render.by_name(found, "Cluster")
