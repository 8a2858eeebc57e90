"""Score resumes by rules, without any service: `make score RESUME=file`.

The files are parsed without a sandbox, so use it for files that you trust. The exit code is 0 if every file
was scored, 1 if one could not be, and 2 for a wrong command line.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.plain_text import plain_line
from contracts.report import Report
from contracts.vocabulary import INDUSTRIES, Depth, ReportLanguage, ReviewType
from documents.errors import DocumentError
from documents.limits import Limits
from documents.parser import parse_file
from local_stack.demo.report import Result, show
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scoring.report.builder import score
from scoring.resume.resume import NotAssessable
from scoring.rubric import load_rubric

# The report of a local file belongs to no candidate and no user.
_NO_ID: Final = UUID(int=0)
_PIPE_WIDTH: Final = 110
_SCORES: Final = {
    "overall_score": "Overall",
    "ats_score": "ATS",
    "content_score": "Content",
    "formatting_score": "Formatting",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file with its report, or with the reason why it has none."""

    path: Path
    report: Report | None = None
    error: str | None = None


def score_file(path: Path, *, industry: str, language: ReportLanguage) -> Report:
    """Read a file and return its report.

    Raises:
        OSError: the file cannot be opened.
        DocumentError: the file cannot be parsed.
        NotAssessable: the file holds no words.
    """
    started, now = time.monotonic(), datetime.now(UTC)
    content = parse_file(path.read_bytes(), Limits())
    request = AnalysisRequested(
        version=1,
        analysis=AnalysisContext(
            analysis_id=_NO_ID,
            resume_id=_NO_ID,
            candidate_id=_NO_ID,
            requested_by=_NO_ID,
            candidate_name="",
            file_name=path.name,
            industry=industry,
            depth=Depth.QUICK,
            review_type=ReviewType.COMPREHENSIVE,
            requested_at=now,
        ),
        text=content["text"],
        signals=DocumentSignals.model_validate(content["signals"]),
        report_language=language,
    )
    report = score(request, rubric=load_rubric(), now=now)
    return report.model_copy(update={"processing_time_ms": round((time.monotonic() - started) * 1000)})


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report of a file, or a table of several. Return 1 if a file cannot be read or scored."""
    options = _parser().parse_args(arguments)
    outcomes = [_try(path, industry=options.industry, language=options.language) for path in options.resumes]
    for outcome in outcomes:
        if outcome.error:
            prefix = f"{outcome.path}: " if len(outcomes) > 1 else ""
            sys.stderr.write(f"score: {prefix}{outcome.error}\n")
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    if options.json:
        _print_json(outcomes)
    elif len(outcomes) > 1:
        console.print(_table(outcomes))
    elif (report := outcomes[0].report) is not None:
        result = Result.model_validate({**report.model_dump(mode="json"), "industry": options.industry})
        show(result, console, title=outcomes[0].path.name)
    return 1 if any(outcome.error for outcome in outcomes) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="score", description="Score resumes by rules: print the report of one, or a table of several."
    )
    parser.add_argument("resumes", type=Path, nargs="+", metavar="resume", help="a PDF, DOCX or TXT file")
    parser.add_argument("--industry", choices=INDUSTRIES, default="general", help="the target industry")
    parser.add_argument(
        "--language",
        type=ReportLanguage,
        choices=list(ReportLanguage),
        default=ReportLanguage.RESUME,
        help="the language of the report",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the report as JSON, those of several files as a list"
    )
    return parser


def _try(path: Path, *, industry: str, language: ReportLanguage) -> Outcome:
    try:
        return Outcome(path, score_file(path, industry=industry, language=language))
    except OSError as error:
        return Outcome(path, error=f"Cannot open {path}: {error.strerror}.")
    except DocumentError as error:
        return Outcome(path, error=error.detail)
    except NotAssessable:
        return Outcome(path, error="The file holds no words to score.")


def _print_json(outcomes: Sequence[Outcome]) -> None:
    """Print a report as it is, or a list that names the file of each report and error."""
    entries: list[dict[str, Any]] = [
        {
            "file": str(each.path),
            "report": each.report and each.report.model_dump(mode="json"),
            "error": each.error,
        }
        for each in outcomes
    ]
    if len(entries) > 1:
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
    elif entries[0]["report"]:
        sys.stdout.write(json.dumps(entries[0]["report"], ensure_ascii=False, indent=2) + "\n")


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("File")
    for heading in _SCORES.values():
        table.add_column(heading, justify="right")
    table.add_column("Findings")
    table.add_column("What to do first, or why there is no score")
    for outcome in outcomes:
        name = Text(plain_line(outcome.path.name))
        if outcome.report is None:
            table.add_row(name, *("-" for _ in _SCORES), "", _one_line(outcome.error, style="red"))
            continue
        detailed = outcome.report.detailed_scores
        findings = ", ".join(finding.code.replace("_", " ") for finding in detailed.findings)
        advice = _one_line(next(iter(detailed.next_steps), ""))
        scores = (str(getattr(outcome.report, each)) for each in _SCORES)
        table.add_row(name, *scores, findings, advice)
    return table


def _one_line(text: str | None, *, style: str = "") -> Text:
    return Text(plain_line(text or ""), style=style, overflow="ellipsis", no_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
