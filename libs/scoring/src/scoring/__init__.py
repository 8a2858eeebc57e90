"""Scores a resume by rules that are published as versioned data. Pure: no clock, no I/O but its own data."""

from scoring.report.report import score
from scoring.resume.resume import NotAssessable
from scoring.rubric import Rubric, load_rubric

__all__ = ["NotAssessable", "Rubric", "load_rubric", "score"]
