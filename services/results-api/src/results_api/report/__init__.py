"""The report page: one self-contained HTML document, rendered from a stored result."""
