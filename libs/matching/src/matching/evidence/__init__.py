"""Find what a resume shows for a requirement, with quotes."""
