"""State and rules of request-api, without frameworks, event types or SQL."""
