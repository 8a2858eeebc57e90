"""What the charts make of each set of values, and what they made when somebody last looked (golden files)."""

import difflib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.k8s.programs import KUBERNETES, ROOT, helm, run, said

CHARTS = ROOT / "deploy" / "helm"
NAMESPACE = "resume-review"

Object = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """A chart with one set of values."""

    chart: str
    name: str

    @property
    def values(self) -> Path:
        """The file with the values."""
        return CHARTS / "tests" / "values" / f"{self.chart}-{self.name}.yaml"

    @property
    def golden(self) -> Path:
        """The file with what was made of them."""
        return CHARTS / "tests" / "golden" / f"{self.chart}-{self.name}.yaml"

    def __str__(self) -> str:
        return f"{self.chart} ({self.name})"


VALUE_SETS = tuple(
    ValueSet(chart=chart, name=name)
    for chart in ("resume-review", "resume-review-infra")
    for name in ("minimal", "production", "adopted")
)


class CannotRender(Exception):
    """Helm refuses; the message is what it said."""


def render(one: ValueSet) -> str:
    """The objects as YAML, hooks included. Raises CannotRender, ToolMissing."""
    return render_with(one.chart, one.values)


def render_with(chart: str, *values: Path) -> str:
    """The same with any values, the last of which count."""
    options = ["--kube-version", KUBERNETES, "--namespace", NAMESPACE]
    for file in values:
        options += ["--values", str(file)]
    try:
        return run(helm(), "template", "resume-review", CHARTS / chart, *options)
    except subprocess.CalledProcessError as error:
        raise CannotRender(_said(error)) from None


def lint(one: ValueSet) -> list[str]:
    """What `helm lint --strict` finds. Raises ToolMissing."""
    options = ("--strict", "--quiet", "--kube-version", KUBERNETES, "--values", one.values)
    try:
        run(helm(), "lint", CHARTS / one.chart, *options)
    except subprocess.CalledProcessError as error:
        return [_said(error)]
    return []


def objects(text: str) -> list[Object]:
    """All that there is in a rendered text."""
    return [one for one in yaml.safe_load_all(text) if one]


def golden(chart: str, name: str) -> list[Object]:
    """The objects of a golden file."""
    return objects(ValueSet(chart=chart, name=name).golden.read_text())


def by_name(several: list[Object], name: str) -> dict[str, Object]:
    """Those of a kind, by their name."""
    return {one["metadata"]["name"]: one for one in several if one["kind"] == name}


def as_golden(text: str) -> str:
    """Without alerts and dashboards, which are files of their own and change with them."""
    documents = re.split(r"(?m)^---\n", text)
    return "---\n".join(
        document
        for document in documents
        if not re.search(r"(?m)^kind: PrometheusRule$|^  name: resume-review-dashboard-", document)
    )


def difference(one: ValueSet, text: str) -> Iterator[str]:
    """How it differs from its golden file, as lines of a diff."""
    before = one.golden.read_text().splitlines() if one.golden.exists() else []
    after = as_golden(text).splitlines()
    yield from difflib.unified_diff(before, after, str(one.golden.relative_to(ROOT)), "now", lineterm="")


def _said(error: subprocess.CalledProcessError) -> str:
    # The chart takes alerts and dashboards from deploy/observability by links, and Helm says so each time.
    return said(error, without=("found symbolic link",))
