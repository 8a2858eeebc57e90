"""The offline command that scores files."""

import json
from pathlib import Path

import pytest
from contracts.report import Report

from tests.support.documents.rejected_files import image_only_pdf
from tests.support.files import japanese_resume_docx, strong_resume_pdf
from tools.evaluation import templates
from tools.evaluation.resumes import resumes
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


def test_what_a_parser_tears_apart_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resume = next(resumes("strong"))
    assert main([write(tmp_path, "two.pdf", templates.pdf_two_columns(resume))]) == 0
    assert "a parser reads" in capsys.readouterr().out
    assert main([write(tmp_path, "one.pdf", templates.pdf_one_column(resume))]) == 0
    assert "a parser reads" not in capsys.readouterr().out


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


def test_several_files_are_printed_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        write(tmp_path, "first.pdf", strong_resume_pdf()),
        write(tmp_path, "second.docx", japanese_resume_docx()),
    ]
    assert main(files) == 0
    heading, *rows = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert heading.split()[:5] == ["File", "Overall", "ATS", "Content", "Formatting"]
    assert [row.split()[0] for row in rows] == ["first.pdf", "second.docx"]
    assert all(0 < int(score) <= 100 for row in rows for score in row.split()[1:5])


def test_one_unreadable_file_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path, "scan.pdf", image_only_pdf()), write(tmp_path, "good.pdf", strong_resume_pdf())]
    assert main(files) == 1
    printed = capsys.readouterr()
    assert "scan.pdf: No text" in printed.err
    rows = {line.split()[0]: line.split()[1] for line in printed.out.splitlines() if line.strip()}
    assert rows["scan.pdf"] == "-"
    assert int(rows["good.pdf"]) > 0


def test_json_of_several_files_names_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, missing = write(tmp_path, "good.pdf", strong_resume_pdf()), str(tmp_path / "missing.pdf")
    assert main([good, missing, "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["file"], first["error"]) == (good, None)
    assert Report.model_validate(first["report"]).overall_score > 0
    assert (second["file"], second["report"]) == (missing, None)
    assert second["error"].startswith("Cannot open")


@pytest.mark.parametrize("arguments", [[], ["--industry", "nowhere", "a.pdf"], ["--unknown", "a.pdf"]])
def test_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
