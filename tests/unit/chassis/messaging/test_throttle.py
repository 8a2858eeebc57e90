import asyncio

import pytest
from chassis.messaging import throttle
from chassis.messaging.throttle import BatchThrottle


async def test_a_burst_starts_at_once_and_later_batches_are_spaced(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    now = 100.0
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: now)

    async def sleep(seconds: float) -> None:
        waited.append(max(0.0, seconds))

    monkeypatch.setattr(asyncio, "sleep", sleep)
    throttled = BatchThrottle()
    for _ in range(throttle.BURST + 2):
        await throttled.wait()
    assert waited == pytest.approx(
        [0.0] * throttle.BURST + [throttle.INTERVAL_SECONDS, 2 * throttle.INTERVAL_SECONDS]
    )
    # A quiet time allows another burst, and never a larger one.
    waited.clear()
    now += 60
    for _ in range(throttle.BURST + 1):
        await throttled.wait()
    assert waited == pytest.approx([0.0] * throttle.BURST + [throttle.INTERVAL_SECONDS])
