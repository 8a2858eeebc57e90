from chassis.telemetry.trace import continue_trace, current_traceparent

INCOMING = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_incoming_trace_is_continued() -> None:
    with continue_trace(INCOMING, "work"):
        assert current_traceparent() == INCOMING
    assert current_traceparent() is None


def test_missing_or_invalid_traceparent_starts_a_new_trace() -> None:
    seen = set()
    for incoming in (None, "", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"):
        with continue_trace(incoming, "work"):
            seen.add(current_traceparent())
    assert None not in seen
    assert len(seen) == 4
