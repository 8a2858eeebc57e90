"""Columns of a page: gutters between them, and the order of columns over the pages."""
