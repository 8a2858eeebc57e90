"""Use cases that change matches, one per module."""
