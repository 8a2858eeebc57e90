"""Domain of results-api: state and rules, without frameworks, wire formats or SQL."""
