"""Visible text and layout of PDF files."""

import pytest
from documents.errors import (
    CorruptFile,
    DocumentError,
    EncryptedFile,
    NoText,
    TooManyPages,
    TooMuchText,
)
from documents.limits import Limits
from documents.parsed_file import ParsedFile
from documents.parser import assemble
from documents.pdf.document import read_pdf

from tests.support import files
from tests.support.documents import raw_files, rejected_files

VISIBLE = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET "


def read(data: bytes) -> ParsedFile:
    return read_pdf(data, limits=Limits())


def text_of(data: bytes) -> str:
    text: str = assemble(read(data), file_bytes=len(data), limits=Limits())["text"]
    return text


def test_one_column_pdf_has_the_same_text_as_the_text_file() -> None:
    expected = files.strong_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.strong_resume_pdf()) == expected


def test_full_labelled_lines_are_not_joined() -> None:
    lines = (
        "Technology: AWS, Azure, Snowflake, Python, SQL, Tableau, API platforms",
        "Delivery: agile at scale, programme management, process mining, sourcing",
        "Languages: English, Japanese",
    )
    rows = " 0 -14 Td ".join(f"({line})Tj" for line in lines)
    assert text_of(raw_files.raw_pdf(f"BT/F1 11 Tf 72 720 Td {rows} ET")).splitlines() == list(lines)


def test_two_columns_are_read_one_after_the_other() -> None:
    parsed = read(files.two_column_pdf())
    text = text_of(files.two_column_pdf())
    assert parsed.columns == 2
    assert parsed.parse_survival is not None
    assert parsed.parse_survival < 1
    for part in files.PARTS:
        assert "\n".join((part.heading, *part.lines)).replace("\n- ", "\n• ") in text
    assert text.startswith(files.NAME)


def test_layout_is_measured() -> None:
    parsed = read(files.strong_resume_pdf())
    assert parsed.page_count == 2
    assert parsed.page_sizes == [(595.28, 841.89)] * 2
    assert parsed.columns == 1
    assert parsed.parse_survival == 1.0
    assert parsed.fonts.most_common(1)[0][0] == ("Helvetica", 10.0)
    assert parsed.margins is not None
    assert parsed.margins[0] == pytest.approx(78, abs=1)
    assert (parsed.images, parsed.image_area, parsed.unmapped_glyphs, parsed.hidden_characters) == (
        0,
        0,
        0,
        0,
    )


def test_page_spans_cover_the_text() -> None:
    data = files.strong_resume_pdf()
    result = assemble(read(data), file_bytes=len(data), limits=Limits())
    first, second = result["signals"]["pages"]
    assert (first["start"], first["end"], second["end"]) == (0, second["start"], len(result["text"]))
    assert second["start"] < second["end"]


def test_japanese_pdf_without_embedded_fonts_is_read() -> None:
    expected = files.japanese_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.japanese_resume_pdf()) == expected


SECRET = "BT/F1 12 Tf 72 600 Td(secret)Tj ET "
NOISE = "".join(chr((at * at * 7919 + (at >> 3) * 31) % 256) for at in range(4096))
IMAGE = "/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
# Objects 4 to 10: a picture with texture, an opaque mask, a form that contains text, stripes, a gradient, and
# a font whose only letter is the picture.
OBJECTS = (
    raw_files.pdf_stream(NOISE, f"{IMAGE}/Width 64/Height 64"),
    raw_files.pdf_stream("0 g 0 0 595 842 re f", f"{FORM}/Group<</S/Transparency/CS/DeviceGray>>"),
    raw_files.pdf_stream(SECRET, f"{FORM}/Resources<</Font<</F1 3 0 R>>>>"),
    raw_files.pdf_stream(
        "1 0 0 rg 0 0 5 10 re f 0 0 1 rg 5 0 5 10 re f",
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 10 10]/XStep 10/YStep 10/Resources<<>>",
    ),
    (
        "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 595 0]/Extend[true true]"
        "/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>"
    ),
    (
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97"
        "/LastChar 97/Widths[1000]/Encoding<</Differences[97/a]>>/CharProcs<</a 10 0 R>>"
        "/Resources<</XObject<</I 4 0 R>>>>>>"
    ),
    raw_files.pdf_stream("1000 0 d0 q 1000 0 0 1000 0 0 cm /I Do Q"),
)
RESOURCES = (
    "/XObject<</I 4 0 R/Fm 6 0 R>>/Pattern<</P 7 0 R>>/Shading<</Sh 8 0 R>>/ExtGState<</Screen<</BM/Screen>>"
    "/Half<</ca .5>>/Masked<</SMask<</S/Luminosity/G 5 0 R>>>>>>"
)


def pdf_with(content: str, page: str = "") -> bytes:
    return raw_files.raw_pdf(content, extra=OBJECTS, resources=RESOURCES, fonts="/T 9 0 R", page=page)


HIDDEN = {
    "no ink": "BT/F1 12 Tf 3 Tr 72 600 Td(secret)Tj ET",
    "tiny": "BT/F1 3 Tf 72 600 Td(secret)Tj ET",
    "scaled down": "BT/F1 100 Tf .02 0 0 .02 72 600 Tm(secret)Tj ET",
    "squashed": "BT/F1 12 Tf 5 Tz 72 600 Td(secret)Tj ET",
    "white": f"1 1 1 rg {SECRET}",
    "nearly white": f".96 g {SECRET}",
    "white outlines": "1 G BT/F1 12 Tf 1 Tr 72 600 Td(secret)Tj ET",
    "faint": f"q /Half gs .93 g {SECRET} Q",
    "right of the page": "BT/F1 12 Tf 700 600 Td(secret)Tj ET",
    "below the page": "BT/F1 12 Tf 72 -90 Td(secret)Tj ET",
    "painted over": f"{SECRET} 1 1 1 rg 0 550 595 100 re f",
    "under a curve": f"{SECRET} 1 g 0 600 m 0 700 300 700 300 600 c 300 500 0 500 0 600 c f",
    "under a thick line": f"{SECRET} 60 w 0 605 m 500 605 l S",
    "under a picture": f"{SECRET} q 300 0 0 40 60 590 cm /I Do Q",
    "under stripes": f"{SECRET} /Pattern cs /P scn 60 590 300 40 re f",
    "under a gradient": f"{SECRET} q 60 590 300 40 re W n /Sh sh Q",
    "in a form, painted over": "/Fm Do 1 g 100 606 m 300 700 l 300 500 l 50 500 l 50 700 l h f",
    "clipped away": f"q 0 0 9 9 re W n {SECRET} Q",
    "blended away": f"q /Screen gs {SECRET} Q",
    "masked away": f"q /Masked gs {SECRET} Q",
    "white across letters": "1 g BT/F1 8 Tf 72 720 Td(secret)Tj ET",
    "letters on top of each other": "BT/F1 12 Tf 72 600 Td[(s)500(e)556(c)500(r)333(e)556(t)]TJ ET",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_text_is_counted_and_left_out(hidden: str) -> None:
    data = pdf_with(VISIBLE + hidden)
    assert text_of(data) == "Mirela Okonjo"
    parsed = read(data)
    # PDFium returns one of several equal letters on top of each other.
    letters = "secrt" if "[(s)" in hidden else "secret"
    assert (parsed.hidden_characters, parsed.hidden_text) == (len(letters), letters)


def test_text_below_a_full_page_rectangle_is_hidden() -> None:
    lines = "".join(f"BT/F1 12 Tf 72 {y} Td(secret {y})Tj ET " for y in range(760, 40, -7))
    data = pdf_with(f"{lines} 1 g 0 0 595 842 re f 0 g {VISIBLE}")
    assert text_of(data) == "Mirela Okonjo"
    assert read(data).hidden_text.startswith("secret 760 secret 753")


def test_text_below_a_picture_letter_is_hidden() -> None:
    assert "secret" not in text_of(pdf_with(f"{VISIBLE}{SECRET} BT/T 130 Tf 40 560 Td(a)Tj ET"))


@pytest.mark.parametrize(("visible", "hidden"), [("b", "secretword"), ("visible", "secret")])
def test_visible_letters_do_not_reveal_hidden_ones_of_the_same_word(visible: str, hidden: str) -> None:
    data = pdf_with(f"{VISIBLE} BT/F1 12 Tf 72 600 Td({visible})Tj 1 g ({hidden})Tj ET")
    assert "secret" not in text_of(data)
    assert ("visible" in text_of(data)) == (visible == "visible")


SEEN = {
    "white on a dark panel": "0 0 .4 rg 0 550 595 100 re f 1 1 1 rg BT/F1 12 Tf 72 600 Td(panel)Tj ET",
    "light grey": ".867 g BT/F1 8 Tf 72 600 Td(panel)Tj ET",
    "half transparent": "q /Half gs BT/F1 12 Tf 72 600 Td(panel)Tj ET Q",
    "scaled up": "BT/F1 1 Tf 12 0 0 12 72 600 Tm(panel)Tj ET",
    "on a panel": "1 1 .6 rg 0 550 595 100 re f 0 g BT/F1 12 Tf 72 600 Td(panel)Tj ET",
    "on a picture": "q 300 0 0 40 60 590 cm /I Do Q 1 0 0 rg BT/F1 12 Tf 72 600 Td(panel)Tj ET",
    "within its clip": "q 60 590 200 30 re W n BT/F1 12 Tf 72 600 Td(panel)Tj ET Q",
    "between shapes": "BT/F1 12 Tf 282 630 Td(panel)Tj ET 0 550 m 595 650 l 595 550 l 0 650 l h f",
    "filled with stripes": "/Pattern cs /P scn BT/F1 12 Tf 72 600 Td(panel)Tj ET",
    "cut out of a gradient": "q BT/F1 24 Tf 7 Tr 72 600 Td(panel)Tj ET /Sh sh Q",
    "bold by a second stroke": "BT/F1 12 Tf 72 600 Td(panel)Tj .3 0 Td(panel)Tj ET",
    "with thin dots": "BT/F1 4.5 Tf 72 600 Td(i.l.i - panel, words: ok; 'a')Tj ET",
    "beside a faint dash": "BT/F1 12 Tf 72 600 Td(panel)Tj .96 g 60 0 Td(-)Tj ET",
}


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN.keys())
def test_visible_text_is_not_hidden(seen: str) -> None:
    data = pdf_with(VISIBLE + seen)
    assert "panel" in text_of(data)
    assert read(data).hidden_characters == 0


@pytest.mark.parametrize("cover", ["", "1 g 0 550 595 100 re f"])
def test_japanese_letters_without_embedded_font_can_be_covered(cover: str) -> None:
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/MS-Mincho/Encoding/UniJIS-UCS2-H/DescendantFonts[<</Type/Font"
        "/Subtype/CIDFontType2/BaseFont/MS-Mincho/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
        "/Supplement 2>>>>]>>"
    )
    letter = "BT/J 12 Tf 72 600 Td<67B6>Tj ET "
    data = raw_files.raw_pdf(VISIBLE + letter + cover, extra=[font], fonts="/J 4 0 R")
    assert ("架" in text_of(data)) == (not cover)
    assert read(data).hidden_characters == len(cover[:1])


def test_annotation_hides_text_below_it() -> None:
    cover = raw_files.pdf_stream("1 g 0 0 200 50 re f", "/Subtype/Form/BBox[0 0 200 50]")
    note = "/Annots[<</Type/Annot/Subtype/Stamp/F 4/Rect[60 590 260 640]/AP<</N 4 0 R>>>>]"
    assert text_of(raw_files.raw_pdf(VISIBLE + SECRET, extra=[cover], page=note)) == "Mirela Okonjo"


@pytest.mark.parametrize("page", ["/Rotate 90", "/CropBox[50 500 400 800]", "/UserUnit 2"])
def test_hidden_text_is_found_on_rotated_and_cropped_pages(page: str) -> None:
    data = pdf_with(f"{VISIBLE} 1 g {SECRET}", page)
    parsed = read(data)
    assert "Mirela Okonjo" in text_of(data)
    assert (parsed.hidden_characters, parsed.hidden_text) == (len("secret"), "secret")


@pytest.mark.parametrize(
    ("turn", "matrix"), [(90, "0 1 -1 0 300 72"), (180, "-1 0 0 -1 500 300"), (270, "0 -1 1 0 300 700")]
)
def test_rotated_pages_are_read_upright(turn: int, matrix: str) -> None:
    content = f"BT/F1 12 Tf {matrix} Tm(First line here)Tj 0 -20 Td(Second line)Tj ET"
    data = raw_files.raw_pdf(content, page=f"/Rotate {turn}")
    assert text_of(data) == "First line here\nSecond line"


def test_sideways_text_comes_last() -> None:
    data = raw_files.raw_pdf("BT/F1 12 Tf 0 1 -1 0 30 300 Tm(Sideways mark)Tj ET " + VISIBLE)
    assert text_of(data) == "Mirela Okonjo\n\nSideways mark"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (rejected_files.encrypted_pdf(), EncryptedFile),
        (rejected_files.image_only_pdf(), NoText),
        (rejected_files.corrupt_pdf(), CorruptFile),
        (raw_files.raw_pdf("", ""), NoText),
        (rejected_files.huge_page_pdf(), CorruptFile),
        (rejected_files.many_pages_pdf(31), TooManyPages),
        (b"%PDF-1.7\n" + b"garbage " * 50 + b"%%EOF", CorruptFile),
        (
            raw_files.raw_pdf(VISIBLE).replace(
                b"%PDF-1.7\n", b"%PDF-1.7\n9 0 obj<</Linearized 1/L 99999>>endobj\n"
            ),
            CorruptFile,
        ),
    ],
    ids=["password", "scan", "half", "blank", "huge page", "31 pages", "garbage", "cut short"],
)
def test_unreadable_file_is_rejected(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(DocumentError) as caught:
        text_of(data)
    assert caught.type is error


def test_thirty_pages_are_accepted() -> None:
    assert read(raw_files.raw_pdf(*[VISIBLE] * 30)).page_count == 30


def test_pdf_with_too_much_text_is_rejected() -> None:
    data = raw_files.raw_pdf("BT/F1 9 Tf 72 720 Td " + "0 -14 Td(Mirela Okonjo)Tj " * 20 + "ET")
    with pytest.raises(TooMuchText):
        read_pdf(data, limits=Limits(text_characters=100))
