"""Alembic's environment."""

from chassis.migrations import run_environment

from request_api.tables import metadata

run_environment(metadata=metadata)
