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
    data = mapped_pdf(HEAD + "BT/M 12 Tf 72 690 Td[(post\\240)278(ings)]TJ ET", {"\xa0": "\xad"})
    assert "postings" in text_of(data)
    assert read(data).hidden_characters == 0


@pytest.mark.parametrize("code", ["\ufffd", "\x00"])
def test_unknown_character_without_ink_is_a_space(code: str) -> None:
    data = mapped_pdf(HEAD + "BT/M 12 Tf 72 690 Td(two\\240words)Tj ET", {"\xa0": code})
    assert "two words" in text_of(data)


def spaced(words: str, gap: int) -> str:
    return "[" + f"-{gap}".join(f"({word})" for word in words.split()) + "]TJ"


@pytest.mark.parametrize("gap", [90, 110, 130, 150, 200, 250])
@pytest.mark.parametrize("font", ["F1", "N", "C"])
def test_narrow_gap_is_a_space(gap: int, font: str) -> None:
    fonts = (
        "/N<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>/C<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
    )
    line = "Led teams in Rome and cut costs of it"
    for size in (8, 11, 24):
        content = HEAD + f"BT/{font} {size} Tf 20 690 Td {spaced(line, gap + 40 * (font == 'C'))} ET"
        assert line in text_of(raw_pdf(content, fonts=fonts))


@pytest.mark.parametrize(
    "shown",
    [
        "[(Kub)40(ernetes)-30( W)60(A)-45(VE)]TJ",
        "[(Kub)-40(ern)-55(etes)20( WAVE)]TJ",
        "2 Tc (Kubernetes WAVE)Tj",
        "1.1 Tc (Kubernetes WAVE)Tj",
        "[(K)-90(u)-95(b)-85(e)-90(r)-90(n)-92(e)-90(t)-90(e)-90(s)-400(W)-90(A)-90(V)-90(E)]TJ",
        "[(Kubernetes)-100( WAVE)]TJ",
    ],
)
def test_kerned_and_spaced_letters_stay_one_word(shown: str) -> None:
    assert "Kubernetes WAVE" in text_of(raw_pdf(HEAD + f"BT/F1 11 Tf 72 690 Td {shown} ET"))


@pytest.mark.parametrize("radicals", ["⽇本⼤学", "⻑野⻘⼭"])
def test_radicals_are_read_as_ideographs(radicals: str) -> None:
    ordinary = {"⽇本⼤学": "日本大学", "⻑野⻘⼭": "長野青山"}[radicals]
    data = mapped_pdf(HEAD + "BT/M 24 Tf 72 690 Td(ABCD)Tj ET", dict(zip("ABCD", radicals, strict=True)))
    assert text_of(data).endswith(ordinary)


BOLD = {
    "word by word": "BT/F1 12 Tf 72 690 Td(Skill list)Tj 200 0 Td(x)Tj -199.2 0.3 Td(Skill list)Tj ET",
    "letter by letter": "".join(
        f"BT/F1 12 Tf {72 + place + shift} 690 Td({letter})Tj ET "
        for place, letter in ((0, "S"), (8, "k"), (14, "i"), (16.7, "l"), (19.3, "l"))
        for shift in (0, 0.4)
    ),
    "shadow": ".7 g BT/F1 30 Tf 73.5 688.5 Td(Skill list)Tj ET 0 g BT/F1 30 Tf 72 690 Td(Skill list)Tj ET",
    "white glow": "1 g BT/F1 30 Tf 73 690 Td(Skill list)Tj ET 0 g BT/F1 30 Tf 72 690 Td(Skill list)Tj ET",
    "three times": "".join(f"BT/F1 12 Tf {72 + at / 2} 690 Td(Skill {at} list)Tj ET " for at in (1, 1, 1)),
}


@pytest.mark.parametrize("content", BOLD.values(), ids=BOLD.keys())
def test_letters_printed_twice_are_read_once(content: str) -> None:
    data = raw_pdf(HEAD + content)
    assert text_of(data).count("Skill") == 1
    assert "SSkill" not in text_of(data)
    assert read(data).hidden_characters == 0


def test_equal_letters_side_by_side_stay() -> None:
    data = raw_pdf(HEAD + "BT/F1 12 Tf 60 Tz 72 690 Td(Illinois still ... 1111 'll' bookkeeper)Tj ET")
    assert "Illinois still ... 1111 'll' bookkeeper" in text_of(data)


def icon_pdf(icon: str, name: str = "ABCDEF+FontAwesome5Free-Solid") -> bytes:
    font = f"/I<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>"
    contacts = f"BT/I 10 Tf 72 690 Td({icon})Tj/F1 10 Tf 9 0 Td(mirela@example.com)Tj ET"
    return raw_pdf(HEAD + contacts, fonts=font)


@pytest.mark.parametrize("icon", ["H", "#", "\\240", "a"])
@pytest.mark.parametrize(
    "name", ["ABCDEF+FontAwesome5Free-Solid", "Wingdings-Regular", "MaterialIcons-Regular", "icomoon"]
)
def test_icon_before_a_contact_is_left_out(icon: str, name: str) -> None:
    data = icon_pdf(icon, name)
    assert text_of(data).splitlines()[-1].strip() == "mirela@example.com"
    assert read(data).hidden_characters == 0


def test_private_icon_before_a_contact_is_left_out() -> None:
    content = HEAD + "BT/M 10 Tf 72 690 Td(H)Tj 9 0 Td(mirela@example.com)Tj ET"
    assert text_of(mapped_pdf(content, {"H": "\uf095"})).splitlines()[-1] == "mirela@example.com"


@pytest.mark.parametrize("letter", ["l", "n", "\\247", "\\330", "v"])
def test_bullet_of_wingdings_is_a_bullet(letter: str) -> None:
    font = "/I<</Type/Font/Subtype/Type1/BaseFont/Wingdings/Encoding/WinAnsiEncoding>>"
    rows = "".join(
        f"BT/I 10 Tf 72 {y} Td({letter})Tj/F1 10 Tf 18 0 Td(Led {y} people)Tj ET " for y in (690, 670)
    )
    assert text_of(raw_pdf(HEAD + rows, fonts=font)).endswith("• Led 690 people\n• Led 670 people")


@pytest.mark.parametrize("name", ["Silicon-Regular", "Lexicon", "Iconic"])
def test_text_font_is_not_taken_for_icons(name: str) -> None:
    assert text_of(icon_pdf("Hi", name)).endswith("Himirela@example.com")
