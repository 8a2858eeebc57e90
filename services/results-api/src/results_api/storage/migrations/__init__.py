"""Alembic history of results-api's database."""
