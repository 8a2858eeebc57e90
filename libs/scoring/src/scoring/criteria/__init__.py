"""Assess the criteria of the rubric by rules, one module for each area."""
