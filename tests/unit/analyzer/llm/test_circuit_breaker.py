from analyzer.llm.client.circuit_breaker import CircuitBreaker


def test_breaker_opens_and_allows_one_trial_call() -> None:
    now = 0.0
    breaker = CircuitBreaker(failures=2, seconds=10, clock=lambda: now)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now = 10
    assert breaker.allows()
    assert not breaker.allows()
    breaker.abandoned()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now = 20
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()
