"""Alembic history of request-api's database."""
