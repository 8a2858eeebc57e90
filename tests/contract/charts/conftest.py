"""Helm, which `make k8s-check` builds."""

from pathlib import Path

import pytest

from tools.k8s.programs import HELM, TOOLS


@pytest.fixture(scope="module")
def helm() -> Path:
    """Return the path of Helm, or skip the test if `make k8s-check` has not built it yet."""
    program = TOOLS / f"helm-{HELM}"
    if not program.exists():
        pytest.skip("Helm is missing; `make k8s-check` builds it with Go")
    return program
