"""Alembic's environment."""

from chassis.db.migrations import run_environment

from results_api.storage.tables import metadata

run_environment(metadata=metadata)
