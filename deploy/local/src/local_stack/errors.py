"""Errors of the local stack, worded for the person who started it."""

from collections.abc import Sequence


class StackError(Exception):
    """The stack cannot run; the message is one sentence."""


class PartFailed(StackError):
    """A part of the stack failed; `tail` holds its last lines."""

    def __init__(self, message: str, *, tail: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.tail = tuple(tail)

    def explain(self) -> str:
        """Return the message and the last lines of the failed part."""
        return "\n".join([f"\n{self}.", *(f"    {line}" for line in self.tail)])
