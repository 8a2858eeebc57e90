"""Types of text fields, with their limits. Their patterns state the same rules in the OpenAPI document."""

import re
from typing import Annotated, Any

from contracts.matching import MAX_ESCO_CHARACTERS, MAX_JOB_CHARACTERS, MAX_TERM_CHARACTERS
from contracts.plain_text import BIDI, CONTROL, plain_text
from contracts.vocabulary import MAX_INTEGER
from fastapi import Header
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.fields import FieldInfo

from request_api.domain.candidate import MAX_YEARS_EXPERIENCE
from request_api.domain.job import MAX_TITLE_CHARACTERS

# White space is stripped at both ends. Control characters are refused; PostgreSQL cannot store NUL.
_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = CONTROL
# Address books wrap names and numbers in invisible bidirectional controls, which are removed.
_BLANK = _SPACE + BIDI
_ADDRESS = rf"[^{_CONTROL}{_SPACE}]+@[^{_CONTROL}{_SPACE}]+"


def _stripped(value: str) -> str:
    # Runs after the length limits, which count what was sent, as the document says.
    kept = re.sub(f"^[{_BLANK}]+|[{_BLANK}]+$|[{BIDI}]", "", value)
    if re.search(f"[{_CONTROL}]", kept):
        raise ValueError("must not hold control characters")
    return kept


def _filled(value: str) -> str:
    if not value:
        raise ValueError("must not be blank")
    return value


def _not_blank(value: str) -> str:
    _filled(value.strip())
    return value


def _optional(value: str) -> str | None:
    return value or None


def _address(value: str | None) -> str | None:
    # Only sending mail proves that an address exists. This finds text typed into the wrong field.
    if value is not None and not re.fullmatch(_ADDRESS, value):
        raise ValueError("is not an email address")
    return value


def _integral(value: object) -> object:
    """Convert floats without a fraction, because 5.0 is an integer in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(*, longest: int, shortest: int = 0, pattern: str = f"[^{_CONTROL}]*") -> FieldInfo:
    schema: dict[str, Any] = {"pattern": f"^[{_BLANK}]*{pattern}[{_BLANK}]*$"}
    info: FieldInfo = Field(min_length=shortest, max_length=longest, json_schema_extra=schema)
    return info


_SOME = f"[^{_CONTROL}{_BLANK}][^{_CONTROL}]*"

_Stripped, _Filled, _Optional = AfterValidator(_stripped), AfterValidator(_filled), AfterValidator(_optional)
Name = Annotated[str, _text(shortest=1, longest=100, pattern=_SOME), _Stripped, _Filled]
Topic = Name
# Forms send an empty string for a field that was left empty.
ShortText = Annotated[str, _text(longest=255), _Stripped, _Optional]
EscoUri = Annotated[str, _text(longest=MAX_ESCO_CHARACTERS), _Stripped, _Optional]
Phone = Annotated[str, _text(longest=50), _Stripped, _Optional]
Years = Annotated[int, Field(ge=0, le=MAX_YEARS_EXPERIENCE), BeforeValidator(_integral)]
Email = Annotated[
    str, _text(longest=255, pattern=f"({_ADDRESS})?"), _Stripped, _Optional, AfterValidator(_address)
]
Title = Annotated[str, _text(shortest=1, longest=MAX_TITLE_CHARACTERS, pattern=_SOME), _Stripped, _Filled]
Term = Annotated[str, _text(shortest=1, longest=MAX_TERM_CHARACTERS, pattern=_SOME), _Stripped, _Filled]
# People paste it from anywhere, so characters that no text should have are removed instead of refused.
LongText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_JOB_CHARACTERS,
        json_schema_extra={"pattern": f"[^{_CONTROL}{_BLANK}]"},
    ),
    AfterValidator(plain_text),
    AfterValidator(_not_blank),
]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER), BeforeValidator(_integral)]
OptionalIdempotencyKey = Annotated[str | None, Header(pattern=r"^[\x21-\x7e]{1,255}$")]
