"""The published checklist: weights, industries and word lists as versioned data."""

from scoring.rubric.load import load_rubric
from scoring.rubric.model import AREAS, Area, Industry, Language, LocalizedName, Rubric, TermGroup, Thresholds

__all__ = [
    "AREAS",
    "Area",
    "Industry",
    "Language",
    "LocalizedName",
    "Rubric",
    "TermGroup",
    "Thresholds",
    "load_rubric",
]
