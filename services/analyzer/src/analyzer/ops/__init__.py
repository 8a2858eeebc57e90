"""Commands for operators: `python -m analyzer.ops`."""
