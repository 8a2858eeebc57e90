"""Everything the services share about each other: events, topics and vocabulary."""
