"""Docker compose's token issuer: serves the keys until it is stopped."""

import asyncio
import sys

from local_stack.issuer import Issuer
from local_stack.paths import UP
from local_stack.ports import Ports
from local_stack.running import run


async def serve() -> int:
    """To the other containers: nobody publishes its port."""
    async with Issuer(data_dir=UP / "issuer", port=Ports().issuer, host="0.0.0.0"):  # noqa: S104 - see above
        await asyncio.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(run(serve()))
