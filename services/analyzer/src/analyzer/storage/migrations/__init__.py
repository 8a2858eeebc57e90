"""Migration history of the analyzer's database."""
