"""Renders the charts with each set of values and compares the result with the golden files."""

import difflib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.k8s.programs import KUBERNETES, ROOT, error_output, helm, run

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
        """Return the path of the values."""
        return CHARTS / "tests" / "values" / f"{self.chart}-{self.name}.yaml"

    @property
    def golden(self) -> Path:
        """Return the path of the golden file."""
        return CHARTS / "tests" / "golden" / f"{self.chart}-{self.name}.yaml"

    def __str__(self) -> str:
        return f"{self.chart} ({self.name})"


VALUE_SETS = (
    *(
        ValueSet(chart=chart, name=name)
        for chart in ("resume-review", "resume-review-infra")
        for name in ("minimal", "production", "adopted")
    ),
    ValueSet(chart="resume-review", name="own-servers"),
)


class CannotRender(Exception):
    """Helm failed; the message is its output."""


def render(one: ValueSet) -> str:
    """Render a set of values as YAML, including hooks. Raises CannotRender and ToolMissing."""
    return render_with(one.chart, one.values)


def render_with(chart: str, *values: Path, api_url: str | None = None) -> str:
    """Render a chart with any files of values; later ones override earlier ones.

    With `api_url`, the chart sees the objects of that cluster, otherwise none.
    """
    options = ["--kube-version", KUBERNETES, "--namespace", NAMESPACE]
    if api_url:
        options += ["--dry-run=server", "--kube-apiserver", api_url]
    for file in values:
        options += ["--values", str(file)]
    try:
        return run(helm(), "template", "resume-review", CHARTS / chart, *options)
    except subprocess.CalledProcessError as error:
        raise CannotRender(_output(error)) from None


def lint(one: ValueSet) -> list[str]:
    """Return the findings of `helm lint --strict`. Raises ToolMissing."""
    options = ("--strict", "--quiet", "--kube-version", KUBERNETES, "--values", one.values)
    try:
        run(helm(), "lint", CHARTS / one.chart, *options)
    except subprocess.CalledProcessError as error:
        return [_output(error)]
    return []


def objects(text: str) -> list[Object]:
    """Parse the objects in a rendered text."""
    # Eight times as fast as safe_load_all, which parses in Python.
    return [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one]


def golden(chart: str, name: str) -> list[Object]:
    """Return the objects of a golden file."""
    return objects(ValueSet(chart=chart, name=name).golden.read_text())


def by_name(several: list[Object], name: str) -> dict[str, Object]:
    """Return the objects of one kind by name."""
    return {one["metadata"]["name"]: one for one in several if one["kind"] == name}


def as_golden(text: str) -> str:
    """Remove alerts and dashboards, which change with their own files."""
    documents = re.split(r"(?m)^---\n", text)
    return "---\n".join(
        document
        for document in documents
        if not re.search(r"(?m)^kind: PrometheusRule$|^  name: resume-review-dashboard-", document)
    )


def difference(one: ValueSet, text: str) -> Iterator[str]:
    """Yield the difference to the golden file as lines of a unified diff."""
    before = one.golden.read_text().splitlines() if one.golden.exists() else []
    after = as_golden(text).splitlines()
    yield from difflib.unified_diff(before, after, str(one.golden.relative_to(ROOT)), "now", lineterm="")


def _output(error: subprocess.CalledProcessError) -> str:
    # The chart links to alerts and dashboards in deploy/observability, which Helm reports each time.
    return error_output(error, without=("found symbolic link",))
