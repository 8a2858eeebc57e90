"""Scores a resume by rules that are published as versioned data. Pure: no clock, no I/O but its own data."""

from analyzer.scoring.report import score
from analyzer.scoring.resume import NotAssessable
from analyzer.scoring.rubric import Rubric, load_rubric

__all__ = ["NotAssessable", "Rubric", "load_rubric", "score"]
