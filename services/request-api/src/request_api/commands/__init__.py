"""Use cases that change state, one per module."""
