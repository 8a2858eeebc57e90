"""Domain of results-api: state and rules, no framework."""
