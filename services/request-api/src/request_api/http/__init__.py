"""Routes: each parses its request, binds the log context and calls one use case."""
