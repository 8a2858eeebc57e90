"""The formatting of DOCX text, and the rules that decide if a person can read it."""

from dataclasses import dataclass
from typing import Final

from documents.docx.colours import WHITE, Colour, contrasts

_DEFAULT_SIZE: Final = 10.0  # for files that state none
# Points. Smaller or narrower text is not meant to be read, as in `pdf.visibility`.
MIN_SIZE: Final = 4.0
_MIN_WIDTH: Final = 2.0
# Multiples of the font size. Letters are about half as wide as high, so spacing condensed by this much puts
# them on top of each other. A line of less height shows no letter.
_MAX_OVERLAP: Final = 0.4
_MIN_LINE_HEIGHT: Final = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatting:
    """The formatting of a run. Lengths are points.

    Attributes:
        colour: None if Word chooses a readable one
        background: the colour behind the text, None if unknown
        scale: the horizontal scaling of letters
        line_height: the height of lines, None unless it is exact
        heading: the outline level from 0, None for body text
    """

    font: str = ""
    asian_font: str = ""
    size: float = _DEFAULT_SIZE
    bold: bool = False
    capitals: bool = False
    vanish: bool = False
    transparent: bool = False
    colour: Colour | None = None
    background: Colour | None = WHITE
    scale: float = 1.0
    letter_spacing: float = 0.0
    line_height: float | None = None
    heading: int | None = None

    @property
    def is_hidden(self) -> bool:
        """True if text of this formatting cannot be read."""
        if self.vanish or self.transparent or self.size < MIN_SIZE or self.size * self.scale < _MIN_WIDTH:
            return True
        if self.letter_spacing < -_MAX_OVERLAP * self.size:
            return True
        if self.line_height is not None and self.line_height < _MIN_LINE_HEIGHT * self.size:
            return True
        if self.colour is None or self.background is None:
            return False
        return not contrasts(self.colour, self.background)
