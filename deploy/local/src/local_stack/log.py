"""One stream of lines for all parts, each with the part's name in its colour."""

import sys
from typing import TextIO

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_NAME_WIDTH = 12


class Log:
    """Writes `name | line` to a stream; colours only for a terminal. Without a stream it is silent."""

    def __init__(self, *, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._coloured = stream is not None and stream.isatty()
        self._seen: dict[str, int] = {}

    def write(self, name: str, line: str) -> None:
        """Add one line of a part."""
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
            # Whoever read the log is gone (`make up | head`); the stack has to stop in order all the same.
            self._stream = None


def terminal() -> Log:
    """The log that a person reads in the terminal."""
    return Log(stream=sys.stdout)
