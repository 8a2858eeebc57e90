"""Alembic migrations of results-api's database."""
