"""Decode plain text whose encoding is not stated."""
