"""Scores resumes: takes requests from Kafka, and puts reports back. Its only state is Kafka's."""
