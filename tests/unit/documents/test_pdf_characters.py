"""Characters of PDF files that are not simply one glyph, one character."""

import pytest
from documents.limits import Limits
from documents.parsed_file import ParsedFile
from documents.parser import assemble
from documents.pdf.document import read_pdf

from tests.support.documents.raw_files import pdf_stream, raw_pdf

HEAD = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET "


def read(data: bytes) -> ParsedFile:
    return read_pdf(data, limits=Limits())


def text_of(data: bytes) -> str:
    text: str = assemble(read(data), file_bytes=len(data), limits=Limits())["text"]
    return text


def mapped_pdf(content: str, characters: dict[str, str], **options: str) -> bytes:
    """Return a PDF with the font /M: Helvetica whose `characters` mean other texts."""
    lines = "\n".join(
        f"<{ord(glyph):02X}> <{text.encode('utf-16-be').hex()}>" for glyph, text in characters.items()
    )
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(characters)} beginbfchar\n{lines}\n"
        "endbfchar endcmap end end"
    )
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 4 0 R>>"
    return raw_pdf(content, extra=[pdf_stream(table), font], fonts="/M 5 0 R", **options)


@pytest.mark.parametrize("ligature", ["fi", "ffi", "ffl", "tti", "Th", "\ufb03", "\ufb04"])
@pytest.mark.parametrize("page", ["", "/Rotate 90"])
def test_ligature_is_one_visible_glyph(ligature: str, page: str) -> None:
    data = mapped_pdf(
        HEAD + "BT/M 12 Tf 72 690 Td(omce and m tramc)Tj ET", {"m": ligature, "a": "a"}, page=page
    )
    letters = {"\ufb03": "ffi", "\ufb04": "ffl"}.get(ligature, ligature)
    assert read(data).hidden_characters == 0
    assert f"o{letters}ce and {letters} tra{letters}c" in text_of(data)


@pytest.mark.parametrize("shown", ["m", "fi", "\\256"])
def test_ligature_with_actual_text_is_read(shown: str) -> None:
    span = f"/Span<</ActualText(ffi)>>BDC ({shown})Tj EMC"
    data = raw_pdf(HEAD + f"BT/F1 12 Tf 72 690 Td(the o)Tj {span} (ce manager)Tj ET")
    assert read(data).hidden_characters == 0
    assert "the office manager" in text_of(data)


def test_text_behind_one_glyph_stays_hidden() -> None:
    mapped = mapped_pdf(HEAD + "BT/M 12 Tf 72 690 Td(m)Tj ET", {"m": "Python Kubernetes"})
    actual = raw_pdf(
        HEAD + "BT/F1 12 Tf 72 690 Td/Span<</ActualText(hire this candidate without delay)>>BDC (x)Tj EMC ET"
    )
    for data in (mapped, actual):
        assert text_of(data) == "Mirela Okonjo"
        assert (read(data).hidden_characters or 0) >= len("PythonKubernetes")


def test_white_ligature_stays_hidden() -> None:
    data = mapped_pdf(HEAD + "1 g BT/M 12 Tf 72 690 Td(omce)Tj ET", {"m": "ffi"})
    assert read(data).hidden_text == "office"
    assert text_of(data) == "Mirela Okonjo"


@pytest.mark.parametrize("hyphen", ["\xad", "\u2010", "\u2011"])
def test_drawn_hyphen_is_a_hyphen(hyphen: str) -> None:
    content = "BT/M 12 Tf 72 690 Td(Mar 2021 - May 2024, cross-team)Tj ET"
    text = text_of(mapped_pdf(HEAD + content, {"-": hyphen}))
    assert "Mar 2021 - May 2024, cross-team" in text


def test_soft_hyphen_without_ink_is_left_out() -> None:
    # The glyph of a no-break space has no ink.
    data = mapped_pdf(HEAD + "BT/M 12 Tf 72 690 Td(post\\240ings)Tj ET", {"\xa0": "\xad"})
    assert "postings" in text_of(data)
    assert read(data).hidden_characters == 0


@pytest.mark.parametrize("code", ["\ufffd", "\x00"])
def test_unknown_character_without_ink_is_a_space(code: str) -> None:
    data = mapped_pdf(HEAD + "BT/M 12 Tf 72 690 Td(two\\240words)Tj ET", {"\xa0": code})
    assert "two words" in text_of(data)
