"""Consume Kafka topics in batches or concurrently."""
