"""Rows and cells of tables, from drawn rulings or from the alignment of words."""
