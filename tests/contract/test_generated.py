"""The committed documents match the code, and generate.py detects differences."""

import subprocess
import sys
from pathlib import Path

import generate
import pytest
from contract_tools import access
from contract_tools.files import CONTRACTS, ROOT, event_schema, render, schema_path
from contracts.catalogue import EVENTS
from contracts.events import AnalysisErased


def test_committed_documents_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "contracts/generate.py", "--check"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_both_http_apis_have_a_document() -> None:
    assert sorted(path.stem for path in (CONTRACTS / "openapi").glob("*.json")) == [
        "request-api",
        "results-api",
    ]


def test_outdated_missing_and_surplus_files_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "SCHEMAS", tmp_path)
    current, stale, missing, surplus = (tmp_path / f"{name}.json" for name in ("a", "b", "c", "d"))
    current.write_text(render({"title": "A"}), encoding="utf-8")
    stale.write_text(render({"title": "B"}), encoding="utf-8")
    surplus.write_text(render({"title": "D"}), encoding="utf-8")
    generated = {current: {"title": "A"}, stale: {"title": "Other"}, missing: {"title": "C"}}
    assert generate.out_of_date(generated) == [stale, missing, surplus]


def test_incompatible_schema_is_refused() -> None:
    generated = {schema_path(event): event_schema(event) for event in EVENTS}
    assert generate.incompatible_changes(generated) == []
    del generated[schema_path(AnalysisErased)]["properties"]["resume_id"]
    generated[schema_path(AnalysisErased)]["required"].remove("resume_id")
    (fault,) = {fault.partition(": ")[2] for fault in generate.incompatible_changes(generated)}
    assert fault == "resume_id: was removed or renamed, and readers rely on it"
    del generated[schema_path(AnalysisErased)]
    (fault,) = generate.incompatible_changes(generated)
    assert fault.endswith("the event was removed, but readers rely on it")


def test_outdated_table_of_access_rules_is_detected(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    current = access.PAGE.read_text(encoding="utf-8")
    page.write_text(current.replace("| analyzer | Write |", "| analyzer | Read |", 1), encoding="utf-8")
    assert access.page(page) == access.page() == current != page.read_text(encoding="utf-8")
