"""Use cases that change jobs, one per module."""
