"""Tests of the checks on schemas, golden files and their history."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from contract_tools import compatibility, history
from contract_tools.compatibility import incompatibilities
from contract_tools.files import Document, event_schema
from contract_tools.golden import add_golden, golden_files
from contract_tools.history import HistoryUnavailable, blob_id, edited_golden_files, incompatible_schemas
from contracts.events import AnalysisCancelled, AnalysisRequested, AnalysisSucceeded

Change = Callable[[Document], object]


def definition(schema: Document, name: str) -> Document:
    """Return a definition of the event schema."""
    part: Document = schema["$defs"][name]
    return part


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda new: new["properties"].pop("text") and new["required"].remove("text"),
            "text: was removed or renamed, and readers rely on it",
        ),
        (
            lambda new: new["properties"].pop("compare_to_market"),
            "compare_to_market: was removed or renamed, and readers rely on it",
        ),
        (
            lambda new: definition(new, "Margins")["properties"].update(left={"type": "string"}),
            "signals.margins.left: type was 'number' and is 'string'",
        ),
        (
            lambda new: new["properties"].update(version={"type": ["integer", "null"], "minimum": 1}),
            "version: type was 'integer' and is ['integer', 'null']",
        ),
        (
            lambda new: definition(new, "Facts")["properties"].update(
                resume_id={"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}
            ),
            "analysis.resume_id: type was 'string' and is absent",
        ),
        (
            lambda new: (
                definition(new, "Section")["properties"].update(level={"type": "integer"}),
                definition(new, "Section")["required"].append("level"),
            ),
            "signals.sections[].level: is new and required, but older records lack it; give it a default",
        ),
        (
            lambda new: new["required"].append("focus_areas"),
            "focus_areas: became required, but older records may lack it",
        ),
        (
            lambda new: new["required"].remove("signals"),
            "signals: is no longer required, but readers rely on it",
        ),
        (
            lambda new: definition(new, "Depth")["enum"].remove("quick"),
            "analysis.depth: 'quick' was removed, and records contain it",
        ),
        (
            lambda new: definition(new, "Depth")["enum"].append("deeper"),
            "analysis.depth: 'deeper' was added, and readers reject it",
        ),
        (
            lambda new: new["properties"]["text"].update(maxLength=10),
            "text: maxLength was 100000 and is 10",
        ),
        (
            lambda new: new["properties"]["text"].update(maxLength=1_000_000),
            "text: maxLength was 100000 and is 1000000",
        ),
        (
            lambda new: new["properties"]["version"].update(maximum=2),
            "version: maximum was 1 and is 2",
        ),
        (
            lambda new: new["properties"]["emission"].pop("maximum"),
            "emission: maximum was 1000000 and is absent",
        ),
        (
            lambda new: definition(new, "Margins")["properties"]["left"].update(maximum=10_000),
            "signals.margins.left: maximum was absent and is 10000",
        ),
        (
            lambda new: definition(new, "Facts").update(additionalProperties=False),
            "analysis: additionalProperties was absent and is False",
        ),
        (
            lambda new: new["properties"]["compare_to_market"].update(default=True),
            "compare_to_market: default was False and is True",
        ),
    ],
)
def test_incompatible_change_is_reported(change: Change, sentence: str) -> None:
    old = event_schema(AnalysisRequested)
    new = copy.deepcopy(old)
    change(new)
    assert sentence in incompatibilities(old, new)


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new["properties"].update(language={"type": "string", "default": "en"}),
        lambda new: definition(new, "Section")["properties"].update(level={"type": "integer", "default": 1}),
        lambda new: new.update(description="Improved."),
        lambda new: definition(new, "Facts")["properties"]["file_name"].update(title="Name of the file"),
        lambda new: new["properties"]["words"].update(maximum=2**31 - 1),
        lambda new: new["properties"]["version"].update(maximum=3),
        lambda new: new["$defs"].update(Unused={"type": "object", "properties": {}, "required": []}),
    ],
)
def test_compatible_change_is_accepted(change: Change) -> None:
    old = event_schema(AnalysisRequested)
    old["properties"]["words"] = {"type": "integer", "default": 1}
    del old["properties"]["version"]["maximum"]
    new = copy.deepcopy(old)
    change(new)
    assert incompatibilities(old, new) == []


def test_definition_may_be_renamed() -> None:
    old = event_schema(AnalysisSucceeded)
    new = json.loads(json.dumps(old).replace("#/$defs/Report", "#/$defs/Findings"))
    new["$defs"]["Findings"] = new["$defs"].pop("Report")
    assert incompatibilities(old, new) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git repository with a committed golden file and a committed schema."""
    root = tmp_path / "checkout"
    (root / "contracts/schemas").mkdir(parents=True)
    git(tmp_path, "init", "--quiet", str(root))
    write_golden(root)
    schema_file(root).write_text(json.dumps(event_schema(AnalysisCancelled)), encoding="utf-8")
    commit(root)
    return root


def write_golden(root: Path) -> Path:
    golden = next(golden_files(AnalysisCancelled.type))
    event = AnalysisCancelled.model_validate(golden.value)
    folder = root / "contracts/golden"
    return add_golden(event, name="full", source="/resume-review/results-api", folder=folder)


def schema_file(root: Path) -> Path:
    return root / "contracts/schemas" / f"{AnalysisCancelled.type}.json"


def git(where: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(where), *arguments], check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(
        root, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "Change"
    )


def test_new_golden_file_is_accepted(checkout: Path) -> None:
    path = write_golden(checkout)
    assert path.name == "2-full.json"
    assert edited_golden_files(checkout) == []
    commit(checkout)
    assert edited_golden_files(checkout) == []


@pytest.mark.parametrize("committed", [False, True])
def test_edited_golden_file_is_reported(checkout: Path, *, committed: bool) -> None:
    path = checkout / "contracts/golden" / AnalysisCancelled.type / "1-full.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"1.0"', '"1.1"'), encoding="utf-8")
    if committed:
        commit(checkout)
    (fault,) = edited_golden_files(checkout)
    assert fault.startswith(f"contracts/golden/{AnalysisCancelled.type}/1-full.json was edited")


def test_renamed_golden_file_is_reported(checkout: Path) -> None:
    path = checkout / "contracts/golden" / AnalysisCancelled.type / "1-full.json"
    path.rename(path.with_name("1-other.json"))
    commit(checkout)
    (fault,) = edited_golden_files(checkout)
    assert fault.startswith(f"contracts/golden/{AnalysisCancelled.type}/1-full.json was removed")


def test_removed_field_is_reported_after_commit(checkout: Path) -> None:
    schema = event_schema(AnalysisCancelled)
    del schema["properties"]["industry"]
    schema["required"].remove("industry")
    schema_file(checkout).write_text(json.dumps(schema), encoding="utf-8")
    commit(checkout)
    faults = incompatible_schemas(checkout)
    assert [fault.partition("): ")[2] for fault in faults] == [
        "industry: was removed or renamed, and readers rely on it"
    ]


def test_removal_of_a_later_added_field_is_reported(checkout: Path) -> None:
    schema = event_schema(AnalysisCancelled)
    before = schema_file(checkout).read_text(encoding="utf-8")
    schema["properties"]["reason"] = {"type": "string", "default": ""}
    schema_file(checkout).write_text(json.dumps(schema), encoding="utf-8")
    commit(checkout)
    assert incompatible_schemas(checkout) == []
    schema_file(checkout).write_text(before, encoding="utf-8")
    commit(checkout)
    (fault,) = incompatible_schemas(checkout)
    assert "reason: was removed or renamed" in fault


def test_withdrawn_schema_is_ignored(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = blob_id(schema_file(checkout).read_bytes())
    schema_file(checkout).unlink()
    commit(checkout)
    (fault,) = incompatible_schemas(checkout)
    assert "was removed, but readers rely on the event" in fault
    monkeypatch.setattr(history, "WITHDRAWN", {blob: "never released"})
    assert incompatible_schemas(checkout) == []


def test_every_withdrawn_schema_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in compatibility.WITHDRAWN.values())


def test_shallow_clone_is_rejected(checkout: Path, tmp_path: Path) -> None:
    write_golden(checkout)
    commit(checkout)
    git(tmp_path, "clone", "--quiet", "--depth", "1", checkout.as_uri(), "shallow")
    with pytest.raises(HistoryUnavailable, match=r"clone is shallow; run `git fetch --unshallow`"):
        edited_golden_files(tmp_path / "shallow")


def test_folder_without_git_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(HistoryUnavailable, match="not a git checkout"):
        incompatible_schemas(tmp_path)
