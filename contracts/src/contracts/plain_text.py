"""Removal of control and bidirectional formatting characters from external text.

Such characters steer terminals or reorder the letters around them. Readers remove them instead of rejecting
the text, so that data stored or written earlier stays readable.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

# Bidirectional embeddings, overrides and isolates. Names in Arabic or Hebrew need none of these.
BIDI: Final = r"\u202a-\u202e\u2066-\u2069"
# C0, DEL and C1.
CONTROL: Final = r"\x00-\x1f\x7f-\x9f"
_UNFIT_FOR_A_LINE: Final = re.compile(rf"[{CONTROL}\u2028\u2029{BIDI}]")
_UNFIT_FOR_TEXT: Final = re.compile(rf"(?![\t\n])[{CONTROL}\u2028\u2029{BIDI}]")


def plain_line(text: str) -> str:
    """Remove the characters that a single line of text must not contain."""
    return _UNFIT_FOR_A_LINE.sub("", text)


def plain_text(text: str) -> str:
    """Remove unsafe characters from multi-line text; line feeds and tabs stay."""
    return _UNFIT_FOR_TEXT.sub("", text)


PlainLine = Annotated[str, AfterValidator(plain_line)]

MAX_MODEL_NAME: Final = 100
MODEL_NAME_PATTERN: Final = re.compile(r"^[A-Za-z0-9._:/@+-]{1,100}$")


def model_name(text: str) -> str:
    """Normalize a model name: a hyphen replaces each run of characters that names of models do not use."""
    return re.sub(r"[^A-Za-z0-9._:/@+-]+", "-", text)[:MAX_MODEL_NAME]


ModelName = Annotated[str, AfterValidator(model_name)]
