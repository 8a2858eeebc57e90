"""The local Kafka broker: its jars, topics and access rules."""
