"""Call the model: retries, circuit breaker, cached responses, telemetry."""
