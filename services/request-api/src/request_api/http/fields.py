"""Types of what people type in, with their limits; the patterns tell a reader of the document the same."""

import re
from typing import Annotated, Any

from contracts.plain_text import BIDI, CONTROL
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.fields import FieldInfo

from request_api.domain.candidate import MAX_YEARS_EXPERIENCE

# What is taken off at both ends, and what nobody means in a name: PostgreSQL refuses NUL besides.
_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = CONTROL
# Address books wrap names and numbers in bidirectional controls. Nobody sees them: they are taken out.
_BLANK = _SPACE + BIDI
_ADDRESS = rf"[^{_CONTROL}{_SPACE}]+@[^{_CONTROL}{_SPACE}]+"


def _stripped(value: str) -> str:
    # After the limits, which are of what was sent: so says the document.
    kept = re.sub(f"^[{_BLANK}]+|[{_BLANK}]+$|[{BIDI}]", "", value)
    if re.search(f"[{_CONTROL}]", kept):
        raise ValueError("must not hold control characters")
    return kept


def _filled(value: str) -> str:
    if not value:
        raise ValueError("must not be blank")
    return value


def _optional(value: str) -> str | None:
    return value or None


def _address(value: str | None) -> str | None:
    # Whether it exists only a letter can tell: this catches what was typed into the wrong field.
    if value is not None and not re.fullmatch(_ADDRESS, value):
        raise ValueError("is not an email address")
    return value


def _integral(value: object) -> object:
    """In JSON 5.0 is an integer, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(*, longest: int, shortest: int = 0, pattern: str = f"[^{_CONTROL}]*") -> FieldInfo:
    told: dict[str, Any] = {"pattern": f"^[{_BLANK}]*{pattern}[{_BLANK}]*$"}
    info: FieldInfo = Field(min_length=shortest, max_length=longest, json_schema_extra=told)
    return info


_SOME = f"[^{_CONTROL}{_BLANK}][^{_CONTROL}]*"

_Stripped, _Filled, _Optional = AfterValidator(_stripped), AfterValidator(_filled), AfterValidator(_optional)
Name = Annotated[str, _text(shortest=1, longest=100, pattern=_SOME), _Stripped, _Filled]
Topic = Name
# Forms send empty strings for what was left empty.
ShortText = Annotated[str, _text(longest=255), _Stripped, _Optional]
Phone = Annotated[str, _text(longest=50), _Stripped, _Optional]
Years = Annotated[int, Field(ge=0, le=MAX_YEARS_EXPERIENCE), BeforeValidator(_integral)]
Email = Annotated[
    str, _text(longest=255, pattern=f"({_ADDRESS})?"), _Stripped, _Optional, AfterValidator(_address)
]
