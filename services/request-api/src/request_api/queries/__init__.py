"""Use cases that read, one per module."""
