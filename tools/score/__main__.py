"""Score one resume by rules, without any service: `make score RESUME=file`.

The file is parsed without a sandbox, so use it for files that you trust.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.report import Report
from contracts.vocabulary import INDUSTRIES, Depth, ReportLanguage, ReviewType
from documents.errors import DocumentError
from documents.limits import Limits
from documents.parser import parse_file
from local_stack.demo.report import Result, show
from rich.console import Console
from scoring import NotAssessable, load_rubric, score

# The report of a local file belongs to no candidate and no user.
_NO_ID: Final = UUID(int=0)
_PIPE_WIDTH: Final = 110


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
    """Print the report of a file. Return 1 if the file cannot be read or scored."""
    parser = argparse.ArgumentParser(
        prog="score", description="Score one resume by rules and print its report."
    )
    parser.add_argument("resume", type=Path, help="a PDF, DOCX or TXT file")
    parser.add_argument("--industry", choices=INDUSTRIES, default="general", help="the target industry")
    parser.add_argument(
        "--language",
        type=ReportLanguage,
        choices=list(ReportLanguage),
        default=ReportLanguage.RESUME,
        help="the language of the report",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    try:
        report = score_file(options.resume, industry=options.industry, language=options.language)
    except OSError as error:
        return _fail(f"Cannot open {options.resume}: {error.strerror}.")
    except DocumentError as error:
        return _fail(error.detail)
    except NotAssessable:
        return _fail("The file holds no words to score.")
    if options.json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        result = Result.model_validate({**report.model_dump(mode="json"), "industry": options.industry})
        show(result, Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH), title=options.resume.name)
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"score: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
