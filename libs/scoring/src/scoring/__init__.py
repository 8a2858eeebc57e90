"""Score a resume by rules that are published as versioned data.

The package is pure: it reads no clock and performs no I/O except for its own data files. `score` is the whole
of it; the other functions are its steps, for a caller that consults a language model in between.
"""

from scoring.criteria.assessments import Assessment, Remark
from scoring.criteria.claims import BY_KIND, LABELLED, Claim, assess_claims, check_claim, claim_of
from scoring.criteria.context import ScoringContext, create_context
from scoring.messages import Messages, load_catalogue, report_language
from scoring.report.builder import ModelResult, assess_by_rules, build_report, score
from scoring.resume.resume import NotAssessable
from scoring.rubric import Language, Rubric, load_rubric

__all__ = [
    "BY_KIND",
    "LABELLED",
    "Assessment",
    "Claim",
    "Language",
    "Messages",
    "ModelResult",
    "NotAssessable",
    "Remark",
    "Rubric",
    "ScoringContext",
    "assess_by_rules",
    "assess_claims",
    "build_report",
    "check_claim",
    "claim_of",
    "create_context",
    "load_catalogue",
    "load_rubric",
    "report_language",
    "score",
]
