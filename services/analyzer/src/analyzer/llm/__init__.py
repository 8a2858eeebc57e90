"""Ask a language model about a resume and verify its responses. Knows nothing of the pipeline or of Kafka."""
