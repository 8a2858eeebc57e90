"""Alembic history of the analyzer's database."""
