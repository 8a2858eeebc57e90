"""Run a command until it ends or a signal stops it: Ctrl-C, SIGTERM or a closed terminal."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Coroutine

from local_stack.errors import PartFailed, StackError

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# One Ctrl-C can arrive twice: from the terminal and from make.
_SECOND_SECONDS = 1.0


def run(main: Coroutine[None, None, int]) -> int:
    """Run `main` and return its exit code. A signal cancels it: Ctrl-C gives 0, others 128 plus their number.

    A second signal ends this process at once, and its children with it. A `StackError` is printed as one
    sentence, with the last lines of the part that failed.
    """
    return asyncio.run(_run(main))


async def _run(main: Coroutine[None, None, int]) -> int:
    task = asyncio.ensure_future(main)
    received: list[tuple[signal.Signals, float]] = []

    def stop(number: signal.Signals) -> None:
        if received and time.monotonic() - received[0][1] > _SECOND_SECONDS:
            os._exit(128 + number)
        if not received:
            received.append((number, time.monotonic()))
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        number = received[0][0] if received else signal.SIGTERM
        return 0 if number == signal.SIGINT else 128 + number
    except PartFailed as error:
        print(error.explain(), file=sys.stderr)
    except StackError as error:
        sentence = str(error)
        print(f"{sentence[:1].upper()}{sentence[1:]}.", file=sys.stderr)
    return 1
