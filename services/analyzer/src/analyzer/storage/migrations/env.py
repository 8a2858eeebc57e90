"""Alembic environment of the analyzer's database."""

from chassis.db.migrations import run_environment

from analyzer.storage.tables import metadata

run_environment(metadata=metadata)
