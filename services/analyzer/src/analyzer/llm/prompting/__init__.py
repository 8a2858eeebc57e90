"""Build prompts and the schemas of their answers."""
