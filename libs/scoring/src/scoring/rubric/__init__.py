"""The published checklist: weights, industries and word lists, as data with a version."""

from scoring.rubric.load import load_rubric
from scoring.rubric.model import AREAS, Area, Industry, Language, Measures, Named, Rubric, Topic

__all__ = ["AREAS", "Area", "Industry", "Language", "Measures", "Named", "Rubric", "Topic", "load_rubric"]
