"""Polling with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Value = TypeVar("Value")


async def eventually(
    probe: Callable[[], Awaitable[Value]],
    *,
    until: Callable[[Value], bool] = bool,
    deadline_seconds: float = 20.0,
    every_seconds: float = 0.05,
) -> Value:
    """Call `probe` until `until` accepts its value, and return that value.

    Raises:
        AssertionError: No value was accepted before the deadline; the message has the last one.
    """
    ends = time.monotonic() + deadline_seconds
    while True:
        value = await probe()
        if until(value):
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"still {value!r} after {deadline_seconds} s")
        await asyncio.sleep(every_seconds)
