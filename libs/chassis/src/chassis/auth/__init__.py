"""Authenticate callers: bearer tokens and roles."""
