"""Domain of request-api: state and rules, no framework."""
