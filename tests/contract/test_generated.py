"""The committed documents are what the code makes, and generate.py notices where they are not."""

import subprocess
import sys
from pathlib import Path

import generate
import pytest
from contract_tools import access
from contract_tools.files import CONTRACTS, ROOT, event_schema, render, schema_path
from contracts.events import EVENTS, AnalysisErased


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


def test_a_stale_a_missing_and_a_surplus_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "SCHEMAS", tmp_path)
    current, stale, missing, surplus = (tmp_path / f"{name}.json" for name in ("a", "b", "c", "d"))
    current.write_text(render({"title": "A"}), encoding="utf-8")
    stale.write_text(render({"title": "B"}), encoding="utf-8")
    surplus.write_text(render({"title": "D"}), encoding="utf-8")
    made = {current: {"title": "A"}, stale: {"title": "Other"}, missing: {"title": "C"}}
    assert generate.out_of_date(made) == [stale, missing, surplus]


def test_a_schema_that_breaks_readers_is_refused() -> None:
    made = {schema_path(event): event_schema(event) for event in EVENTS}
    assert generate.refusals(made) == []
    del made[schema_path(AnalysisErased)]["properties"]["resume_id"]
    made[schema_path(AnalysisErased)]["required"].remove("resume_id")
    (fault,) = {fault.partition(": ")[2] for fault in generate.refusals(made)}
    assert fault == "resume_id: was removed or renamed, and readers count on it"
    del made[schema_path(AnalysisErased)]
    (fault,) = generate.refusals(made)
    assert fault.endswith("the event is gone, and readers know it")


def test_a_stale_table_of_access_rules_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    current = access.PAGE.read_text(encoding="utf-8")
    page.write_text(current.replace("| analyzer | Write |", "| analyzer | Read |", 1), encoding="utf-8")
    assert access.page(page) == access.page() == current != page.read_text(encoding="utf-8")
