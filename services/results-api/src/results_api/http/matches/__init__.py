"""Matches of a job: the ranking, the progress, single matches and comparisons."""
