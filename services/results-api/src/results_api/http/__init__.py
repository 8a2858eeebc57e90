"""HTTP handlers and Kafka subscribers: each parses, binds the log context and calls one use case."""
