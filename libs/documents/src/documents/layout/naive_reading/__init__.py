"""How much of a page survives a parser that does not know about columns and tables."""
