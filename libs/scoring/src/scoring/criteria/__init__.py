"""Assess the criteria of the rubric."""
