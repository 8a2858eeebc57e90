"""One log for all parts: each line starts with the name of its part, in colour."""

import sys
from typing import TextIO

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_NAME_WIDTH = 12


class Log:
    """Writes `name | line` to a stream, in colour on a terminal. Without a stream it writes nothing."""

    def __init__(self, *, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._coloured = stream is not None and stream.isatty()
        self._seen: dict[str, int] = {}

    def write(self, name: str, line: str) -> None:
        """Write one line of the named part."""
        if self._stream is None:
            return
        label = f"{name:<{_NAME_WIDTH}}"
        if self._coloured:
            colour = self._seen.setdefault(name, _COLOURS[len(self._seen) % len(_COLOURS)])
            label = f"\x1b[{colour}m{label}\x1b[0m"
        try:
            self._stream.write(f"{label} | {line}\n")
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            # The reader has gone (`make up | head`). The stack still has to stop in order.
            self._stream = None


def terminal() -> Log:
    """Return a log on standard output."""
    return Log(stream=sys.stdout)
