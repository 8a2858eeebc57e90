"""Score resumes: consume requests from Kafka and publish reports. The only required state is in Kafka."""
