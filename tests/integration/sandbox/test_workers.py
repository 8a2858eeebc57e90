"""What the workers load before their limits apply."""

import subprocess
import sys

import pytest

# Importing these takes most of the time and memory of a worker.
_HEAVY = ("contracts", "docx", "matching", "pydantic", "pypdfium2", "scoring", "yaml")


@pytest.mark.parametrize(
    "worker", ["documents.worker", "exports.worker", "request_api.commands.jobs.extraction_worker"]
)
def test_a_worker_loads_its_code_within_its_limits(worker: str) -> None:
    program = f"import sys, {worker}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert not {name.partition(".")[0] for name in loaded.stdout.split()}.intersection(_HEAVY)
