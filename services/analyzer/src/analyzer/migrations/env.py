"""Alembic's environment."""

from chassis.migrations import run_environment

from analyzer.tables import metadata

run_environment(metadata=metadata)
