"""The offline command that scores one file."""

import json
from pathlib import Path

import pytest
from contracts.report import Report

from tests.support.documents.rejected_files import image_only_pdf
from tests.support.files import japanese_resume_docx, strong_resume_pdf
from tools.score.__main__ import main


def write(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_report_is_printed_like_the_demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resume = write(tmp_path, "resume.pdf", strong_resume_pdf())
    assert main([resume, "--industry", "strategy_tech"]) == 0
    printed = capsys.readouterr().out
    assert "resume.pdf" in printed
    assert "Target industry strategy_tech" in printed
    assert "Next steps" in printed


def test_json_is_a_valid_report_in_the_requested_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resume = write(tmp_path, "resume.docx", japanese_resume_docx())
    assert main([resume, "--language", "en", "--json"]) == 0
    report = Report.model_validate(json.loads(capsys.readouterr().out))
    assert report.executive_summary.isascii() or "The" in report.executive_summary
    assert 0 < report.overall_score <= 100


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.pdf", None, "Cannot open"),
        ("scan.pdf", image_only_pdf(), "text"),
        ("digits.txt", b"12345 67890\n", "words"),
    ],
)
def test_unusable_file_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, message: str
) -> None:
    path = str(tmp_path / name) if content is None else write(tmp_path, name, content)
    assert main([path]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
