"""What the services share about each other, and all they share: events, topics, vocabulary."""
