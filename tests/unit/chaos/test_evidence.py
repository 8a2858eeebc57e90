"""Evidence survives a round trip through files, and invalid files are rejected."""

import json
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from tests.unit.chaos.world import world
from tools.chaos.evidence.reader import BadEvidence, load
from tools.chaos.evidence.rows import Evidence


def _written(folder: Path, evidence: Evidence) -> Path:
    for field in fields(evidence):
        rows = getattr(evidence, field.name)
        if field.name == "logs":
            (folder / "logs").mkdir()
            for name, text in rows.items():
                (folder / "logs" / name).write_text(text)
        elif isinstance(rows, tuple):
            lines = "".join(json.dumps(asdict(row)) + "\n" for row in rows)
            (folder / f"{field.name}.jsonl").write_text(lines)
        else:
            document = asdict(rows) if field.name == "meta" else rows
            (folder / f"{field.name}.json").write_text(json.dumps(document))
    return folder


def test_evidence_survives_round_trip(tmp_path: Path) -> None:
    assert load(_written(tmp_path, world())) == world()


@pytest.mark.parametrize("line", ['{"at": 1}', "{", '{"at": 1, "service": "a", "point": null, "pid": 7}'])
def test_error_names_the_invalid_line(tmp_path: Path, line: str) -> None:
    with (_written(tmp_path, world()) / "kills.jsonl").open("a") as file:
        file.write(line)
    with pytest.raises(BadEvidence, match=r"kills\.jsonl, line 2"):
        load(tmp_path)
