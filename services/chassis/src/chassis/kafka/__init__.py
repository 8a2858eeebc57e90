"""Kafka as the services use it: brokers and producers that lose nothing, and the parallel subscriber."""
