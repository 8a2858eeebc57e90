"""Kafka as the services use it: clients that lose nothing, subscribers for batches and concurrent records."""
