"""Text functions for English and Japanese: dates, terms, normalization and edits. Knows no resume."""
