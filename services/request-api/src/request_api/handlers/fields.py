"""Types of what people type in, with their limits."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _printable(value: str) -> str:
    # PostgreSQL refuses NUL, UTF-8 lone surrogates, and nobody means any of the others in a name.
    if any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in value):
        raise ValueError("must not hold control characters")
    return value


def _optional(value: str) -> str | None:
    return value or None


Printable = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
Name = Annotated[Printable, StringConstraints(min_length=1, max_length=100)]
# Forms send empty strings for what was left empty.
ShortText = Annotated[Printable, StringConstraints(max_length=255), AfterValidator(_optional)]
Phone = Annotated[Printable, StringConstraints(max_length=50), AfterValidator(_optional)]
Topic = Annotated[Printable, StringConstraints(min_length=1, max_length=100)]
