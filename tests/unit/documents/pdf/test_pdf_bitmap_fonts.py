"""Bitmap (Type 3) fonts of LaTeX, which have no table of characters."""

import pytest
from documents.errors import NoText
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents.raw_files import pdf_stream, raw_pdf

WIDTHS = {"i": 23, "l": 23, "t": 32, "f": 25, "m": 69, "w": 60}
LINES = (
    "Led a team of nine analysts and cut the cost of returns by 31%",
    r"Built forecasts for the retail group in o\036ce and tra\036c \034gures",
    r"\210 Saved 12 hours a week from 2019\0252021 by automation",
)
# The last word of each is in a font of its own.
SYMBOLS = tuple(
    f"Cut the cost of each return to our warehouse by {code}" for code in (r"\243", r"\277", r"\245", "$")
)


def bitmap_pdf(
    lines: tuple[str, ...], *, prefix: str = "a", shift: int = 0, gap: int = 333, second_font: bool = False
) -> bytes:
    """Return a PDF in a font whose glyphs are rectangles and are named by their code, as pdfTeX does.

    With `second_font` the last word of each line is in another such font.
    """
    widths = [WIDTHS.get(chr(code), 42) for code in range(256)]
    glyphs = [pdf_stream(f"{width} 0 2 0 {width - 2} 55 d1 2 0 {width - 4} 55 re f") for width in widths]
    names = [f"/{prefix}{code}" for code in range(256)]
    procedures = " ".join(f"{name} {4 + at} 0 R" for at, name in enumerate(names))
    font = (
        "<</Type/Font/Subtype/Type3/FontMatrix[.01204 0 0 .01204 0 0]/FontBBox[0 -20 80 70]/Resources<<>>"
        f"/FirstChar 0/LastChar 255/Widths[{' '.join(map(str, widths))}]"
        f"/Encoding<</Differences[0 {' '.join(names)}]>>/CharProcs<<{procedures}>>>>"
    )

    def encode(line: str) -> str:
        words = line.split(" ")
        if shift:
            words = ["".join(chr(ord(letter) + shift) for letter in word) for word in words]
        last = f"/S 9.9626 Tf ({words.pop()}) Tj /T 9.9626 Tf" if second_font else ""
        return "[" + f"-{gap}".join(f"({word})" for word in words) + f"-{gap}]TJ {last}"

    content = " ".join(
        f"BT/T 9.9626 Tf 72 {700 - 14 * at} Td {encode(line)} ET" for at, line in enumerate(lines)
    )
    return raw_pdf(content, extra=[*glyphs, font, font], fonts="/T 260 0 R /S 261 0 R")


@pytest.mark.parametrize("prefix", ["a", "g", "C"])
@pytest.mark.parametrize("gap", [222, 333, 400])
def test_codes_of_bitmap_fonts_are_read(prefix: str, gap: int) -> None:
    result = parse_file(bitmap_pdf(LINES, prefix=prefix, gap=gap), Limits())
    assert " ".join(result["text"].split()) == (
        "Led a team of nine analysts and cut the cost of returns by 31% Built forecasts for the retail group "
        "in office and traffic figures • Saved 12 hours a week from 2019–2021 by automation"
    )
    assert result["signals"]["unmapped_glyphs"] == 0
    assert result["signals"]["hidden_characters"] == 0


def test_symbols_are_read_by_their_own_encoding() -> None:
    text = parse_file(bitmap_pdf(SYMBOLS, second_font=True), Limits())["text"]
    assert [word for word in text.split() if len(word) == 1] == ["£", "€", "¥", "$"]


def test_letters_with_the_codes_of_symbols_stay_letters() -> None:
    text = parse_file(bitmap_pdf(SYMBOLS), Limits())["text"]
    assert [word for word in text.split() if len(word) == 1] == ["č", "£", "ě", "$"]


def test_codes_that_are_not_letters_are_refused() -> None:
    with pytest.raises(NoText, match="table of characters"):
        parse_file(bitmap_pdf(tuple(line.replace("\\", "") for line in LINES), shift=1), Limits())
