"""Space batches under steady load, so that items gather: one costs nearly as much as ten."""

import asyncio
from typing import Final

INTERVAL_SECONDS: Final = 0.025
# Batches that may start without waiting after a quiet time.
BURST: Final = 8


class BatchThrottle:
    """Lets `BURST` batches start at once, then one every `INTERVAL_SECONDS`."""

    def __init__(self) -> None:
        self._next_start = 0.0

    async def wait(self) -> None:
        """Return when the next batch may start."""
        now = asyncio.get_running_loop().time()
        self._next_start = max(self._next_start, now - BURST * INTERVAL_SECONDS) + INTERVAL_SECONDS
        await asyncio.sleep(self._next_start - now)
