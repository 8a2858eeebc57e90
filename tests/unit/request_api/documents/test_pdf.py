"""What a person sees on the pages of a PDF, and nothing else."""

import pytest
from request_api.documents.errors import (
    CorruptFile,
    DocumentError,
    EncryptedFile,
    NoText,
    TooManyPages,
    TooMuchText,
)
from request_api.documents.extract import Extract, assemble
from request_api.documents.limits import Limits
from request_api.documents.pdf import read_pdf

from tests.support import files

VISIBLE = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET "


def read(data: bytes) -> Extract:
    return read_pdf(data, limits=Limits())


def text_of(data: bytes) -> str:
    text: str = assemble(read(data), file_bytes=len(data), limits=Limits())["text"]
    return text


def test_one_column_reads_like_the_text_file() -> None:
    expected = files.strong_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.strong_resume_pdf()) == expected


def test_a_labelled_line_does_not_go_on_in_the_next_however_full_it_is() -> None:
    lines = (
        "Technology: AWS, Azure, Snowflake, Python, SQL, Tableau, API platforms",
        "Delivery: agile at scale, programme management, process mining, sourcing",
        "Languages: English, Japanese",
    )
    rows = " 0 -14 Td ".join(f"({line})Tj" for line in lines)
    assert text_of(files.raw_pdf(f"BT/F1 11 Tf 72 720 Td {rows} ET")).splitlines() == list(lines)


def test_two_columns_are_not_read_across() -> None:
    extract = read(files.two_column_pdf())
    text = text_of(files.two_column_pdf())
    assert extract.columns == 2
    assert extract.parse_survival is not None
    assert extract.parse_survival < 1
    for part in files.PARTS:
        assert "\n".join((part.heading, *part.lines)).replace("\n- ", "\n• ") in text
    assert text.startswith(files.NAME)


def test_signals() -> None:
    extract = read(files.strong_resume_pdf())
    assert extract.page_count == 2
    assert extract.page_sizes == [(595.28, 841.89)] * 2
    assert extract.columns == 1
    assert extract.parse_survival == 1.0
    assert extract.fonts.most_common(1)[0][0] == ("Helvetica", 10.0)
    assert extract.margins is not None
    assert extract.margins[0] == pytest.approx(78, abs=1)
    assert (extract.images, extract.image_area, extract.unmapped_glyphs, extract.hidden_characters) == (
        0,
        0,
        0,
        0,
    )


def test_pages_cover_the_text() -> None:
    data = files.strong_resume_pdf()
    result = assemble(read(data), file_bytes=len(data), limits=Limits())
    first, second = result["signals"]["pages"]
    assert (first["start"], first["end"], second["end"]) == (0, second["start"], len(result["text"]))
    assert second["start"] < second["end"]


def test_japanese_without_embedded_fonts() -> None:
    expected = files.japanese_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.japanese_resume_pdf()) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "BT/F1 12 Tf 3 Tr 72 600 Td(secret)Tj ET",
        "BT/F1 3 Tf 72 600 Td(secret)Tj ET",
        "BT/F1 100 Tf .02 0 0 .02 72 600 Tm(secret)Tj ET",
        "1 1 1 rg BT/F1 12 Tf 72 600 Td(secret)Tj ET",
        "BT/F1 12 Tf 700 600 Td(secret)Tj ET",
        "BT/F1 12 Tf 72 -90 Td(secret)Tj ET",
        "BT/F1 12 Tf 72 600 Td(secret)Tj ET 1 1 1 rg 0 550 595 100 re f",
        "q 0 0 9 9 re W n BT/F1 12 Tf 72 600 Td(secret)Tj ET Q",
    ],
    ids=[
        "no ink",
        "tiny",
        "scaled down",
        "white",
        "right of the page",
        "below the page",
        "painted over",
        "clipped away",
    ],
)
def test_hidden_text_is_counted_and_left_out(hidden: str) -> None:
    data = files.raw_pdf(VISIBLE + hidden)
    assert text_of(data) == "Mirela Okonjo"
    assert read(data).hidden_characters == len("secret")


@pytest.mark.parametrize(
    "seen",
    [
        "0 0 .4 rg 0 550 595 100 re f 1 1 1 rg BT/F1 12 Tf 72 600 Td(panel)Tj ET",
        ".8 .8 .8 rg BT/F1 12 Tf 72 600 Td(panel)Tj ET",
        "BT/F1 1 Tf 12 0 0 12 72 600 Tm(panel)Tj ET",
        "1 1 .6 rg 0 550 595 100 re f 0 g BT/F1 12 Tf 72 600 Td(panel)Tj ET",
        "q 60 590 200 30 re W n BT/F1 12 Tf 72 600 Td(panel)Tj ET Q",
        "BT/F1 12 Tf 72 600 Td(panel)Tj ET 0 550 m 595 650 l 595 550 l 0 650 l h f",
    ],
    ids=[
        "white on a dark panel",
        "light grey",
        "scaled up",
        "on a panel",
        "within its clip",
        "under a shape with gaps",
    ],
)
def test_what_can_be_seen_is_not_hidden(seen: str) -> None:
    data = files.raw_pdf(VISIBLE + seen)
    assert "panel" in text_of(data)
    assert read(data).hidden_characters == 0


def test_recognised_text_of_a_scan_is_read() -> None:
    image = files.stream(
        "\xff", "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    line = "(text that was recognised on the scan) Tj 0 -20 Td "
    content = f"q 595 0 0 842 0 0 cm /I Do Q BT/F1 12 Tf 3 Tr 72 720 Td {line * 5}ET"
    data = files.raw_pdf(content, extra=[image], resources="/XObject<</I 4 0 R>>")
    assert text_of(data).count("text that was recognised on the scan") == 5
    assert read(data).hidden_characters == 0
    assert read(data).image_area == 1.0


@pytest.mark.parametrize(
    ("turn", "matrix"), [(90, "0 1 -1 0 300 72"), (180, "-1 0 0 -1 500 300"), (270, "0 -1 1 0 300 700")]
)
def test_turned_pages_are_read_upright(turn: int, matrix: str) -> None:
    content = f"BT/F1 12 Tf {matrix} Tm(First line here)Tj 0 -20 Td(Second line)Tj ET"
    data = files.raw_pdf(content).replace(b"/Type/Page/", b"/Rotate %d/Type/Page/" % turn)
    assert text_of(data) == "First line here\nSecond line"


def test_text_turned_on_its_side_comes_last() -> None:
    data = files.raw_pdf("BT/F1 12 Tf 0 1 -1 0 30 300 Tm(Sideways mark)Tj ET " + VISIBLE)
    assert text_of(data) == "Mirela Okonjo\n\nSideways mark"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (files.encrypted_pdf(), EncryptedFile),
        (files.image_only_pdf(), NoText),
        (files.corrupt_pdf(), CorruptFile),
        (files.raw_pdf("", ""), NoText),
        (files.huge_page_pdf(), CorruptFile),
        (files.many_pages_pdf(31), TooManyPages),
        (b"%PDF-1.7\n" + b"garbage " * 50 + b"%%EOF", CorruptFile),
        (
            files.raw_pdf(VISIBLE).replace(
                b"%PDF-1.7\n", b"%PDF-1.7\n9 0 obj<</Linearized 1/L 99999>>endobj\n"
            ),
            CorruptFile,
        ),
    ],
    ids=["password", "scan", "half", "blank", "huge page", "31 pages", "garbage", "cut short"],
)
def test_what_cannot_be_read(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(DocumentError) as caught:
        text_of(data)
    assert caught.type is error


def test_thirty_pages_are_accepted() -> None:
    assert read(files.raw_pdf(*[VISIBLE] * 30)).page_count == 30


def test_too_much_text() -> None:
    data = files.raw_pdf("BT/F1 9 Tf 72 720 Td " + "0 -14 Td(Mirela Okonjo)Tj " * 20 + "ET")
    with pytest.raises(TooMuchText):
        read_pdf(data, limits=Limits(text_characters=100))
