"""Spaces batches under steady load: one item costs nearly as much as ten do, so they had better gather."""

import asyncio
from typing import Final

INTERVAL_SECONDS: Final = 0.025
# Starts that are saved up while there is little to do; with them a batch starts at once.
BURST: Final = 8


class BatchThrottle:
    """Gives `BURST` starts at once, and one every `INTERVAL_SECONDS` from then on."""

    def __init__(self) -> None:
        self._next_start = 0.0

    async def wait(self) -> None:
        """Return when the next batch may start."""
        now = asyncio.get_running_loop().time()
        self._next_start = max(self._next_start, now - BURST * INTERVAL_SECONDS) + INTERVAL_SECONDS
        await asyncio.sleep(self._next_start - now)
