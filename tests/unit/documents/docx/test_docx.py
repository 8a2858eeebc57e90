"""Visible text and layout of DOCX files."""

import docx
import pytest
from documents.docx.document import read_docx
from documents.errors import (
    CorruptFile,
    DocumentError,
    NoText,
    TooComplex,
    TooManyPages,
    TooMuchText,
    UnsupportedFileType,
)
from documents.limits import Limits
from documents.parser import parse_file

from tests.support import files
from tests.support.documents import raw_files, rejected_files
from tests.unit.documents.docx.docx_xml import docx_with, paragraph, read, text_of


def test_docx_has_the_same_text_as_the_text_file() -> None:
    expected = files.strong_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.strong_resume_docx()) == expected


def test_japanese_docx_has_the_same_text_as_the_text_file() -> None:
    expected = files.japanese_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.japanese_resume_docx()) == expected


def test_layout_is_measured() -> None:
    parsed = read(files.strong_resume_docx())
    assert parsed.margins == (90, 90, 72, 72)
    assert parsed.fonts.most_common(1)[0][0] == ("Cambria", 11.0)
    assert ("Calibri", 14.0) in parsed.fonts
    assert (parsed.tables, parsed.text_boxes, parsed.images, parsed.columns) == (0, 0, 0, 1)
    assert parsed.parse_survival == 1.0
    assert parsed.hidden_characters == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<w:p><w:ins><w:r><w:t>added</w:t></w:r></w:ins></w:p>", "added"),
        (
            "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>",
            "kept",
        ),
        ("<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:r><w:t>kept</w:t></w:r></w:p>", "kept"),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>control</w:t></w:r></w:p></w:sdtContent></w:sdt>", "control"),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", "link"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:t> item</w:t></w:r></w:p>", "• item"),
        (
            (
                "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText>"
                "<w:fldChar w:fldCharType='separate'/><w:t>7</w:t></w:r></w:p>"
            ),
            "7",
        ),
        (paragraph("shouted", "<w:caps/>"), "SHOUTED"),
        (
            (
                "<w:p><w:r><w:ruby><w:rt><w:r><w:t>かく</w:t></w:r></w:rt>"
                "<w:rubyBase><w:r><w:t>架空</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
            ),
            "架空",
        ),
        (
            (
                "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Skill</w:t></w:r></w:p></w:tc>"
                "<w:tc><w:p><w:r><w:t>Level</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            ),
            "Skill\tLevel",
        ),
    ],
)
def test_visible_content_is_read(content: str, expected: str) -> None:
    assert text_of(docx_with(content)) == f"Mirela Okonjo\n{expected}"


def test_text_box_with_alternatives_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('boxed@example.com')}</w:txbxContent>"
    drawing = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
        f"<wps:txbx>{box}</wps:txbx></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    parsed = read(docx_with(drawing))
    assert [line.text for line in parsed.lines if line.text] == ["Mirela Okonjo", "boxed@example.com"]
    assert parsed.text_boxes == 1
    assert parsed.marginal_text == "boxed@example.com"


def test_header_text_is_marginal_text() -> None:
    document = docx.Document()
    document.add_paragraph("Mirela Okonjo")
    document.sections[0].header.paragraphs[0].text = "mirela.okonjo@example.com"
    document.sections[0].footer.paragraphs[0].text = "Mirela Okonjo"
    parsed = read(raw_files.save_docx(document))
    assert [line.text for line in parsed.lines if line.text] == ["mirela.okonjo@example.com", "Mirela Okonjo"]
    assert parsed.marginal_text == "mirela.okonjo@example.com"


def test_list_items_have_labels() -> None:
    document = docx.Document()
    for text, style in [("one", "List Number"), ("two", "List Number"), ("dot", "List Bullet")]:
        document.add_paragraph(text, style=style)
    assert text_of(raw_files.save_docx(document)) == "1. one\n2. two\n• dot"


def test_layout_table_of_two_columns_lowers_parse_survival() -> None:
    left, right = (
        ["Python and Go", "Kafka streams", "Terraform"],
        ["Led a team", "Cut the cost", "Hired people"],
    )
    cells = ["".join(map(paragraph, side)) for side in (left, right)]
    parsed = read(docx_with(f"<w:tbl><w:tr><w:tc>{cells[0]}</w:tc><w:tc>{cells[1]}</w:tc></w:tr></w:tbl>"))
    assert (parsed.columns, parsed.tables) == (2, 1)
    assert parsed.parse_survival is not None
    assert parsed.parse_survival < 0.8
    assert [line.text for line in parsed.lines][1:] == [*left, *right]


def test_heading_cell_starts_a_section_with_the_next_cell() -> None:
    rows = [
        ("Summary", "Engineer who led nine people."),
        ("学歴", "2015年 架空大学 卒業"),
        ("Level", "Native, fluent"),
    ]
    cells = "".join(
        f"<w:tr><w:tc>{paragraph(left)}</w:tc><w:tc>{paragraph(right)}</w:tc></w:tr>" for left, right in rows
    )
    lines = [line.text for line in read(docx_with(f"<w:tbl>{cells}</w:tbl>")).lines]
    assert lines[1:] == [*rows[0], *rows[1], "\t".join(rows[2])]


SECTIONS_IN_ROWS = [
    ("Experience", "Analyst, Tarn Valley Foods, 2019 – 2022"),
    ("Education", "BSc Economics, University of Northmoor, 2018"),
]


def titles_of(rows: list[tuple[str, str]], *, bold: bool) -> list[str | None]:
    """Return the titles of the sections of a table whose left cells may be bold."""
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for left, right in [*SECTIONS_IN_ROWS, *rows]:
        cells = table.add_row().cells
        cells[0].paragraphs[0].add_run(left).bold = bold or (left, right) in SECTIONS_IN_ROWS
        cells[1].paragraphs[0].add_run(right)
    content = parse_file(raw_files.save_docx(document), Limits())
    return [section["title"] for section in content["signals"]["sections"]]


@pytest.mark.parametrize("title", ["Activities", "Leadership", "Awards", "Languages", "Talks"])
def test_word_in_the_style_of_the_headings_starts_a_section_with_the_next_cell(title: str) -> None:
    assert titles_of([(title, "Treasurer of the rowing club")], bold=True)[-1] == title


@pytest.mark.parametrize("label", ["Leadership", "Tools", "Tarn Valley Foods"])
def test_label_in_another_style_starts_no_section(label: str) -> None:
    assert titles_of([(label, "Led teams of nine")], bold=False)[-1] == "Education"


def test_employer_in_the_style_of_the_headings_starts_no_section() -> None:
    assert titles_of([("Tarn Valley Foods", "2019 – 2022")], bold=True)[-1] == "Education"


def test_pictures_and_columns_are_counted() -> None:
    picture = (
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='1270000' cy='1270000'/>"
        "<a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'/></wp:inline></w:drawing></w:r></w:p>"
    )
    section = "<w:sectPr><w:pgSz w:w='12000' w:h='16000'/><w:cols w:num='2'/></w:sectPr>"
    parsed = read(
        docx_with("<w:p><w:r><w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p>" + picture + section)
    )
    assert (parsed.images, parsed.columns, parsed.page_count) == (1, 2, 2)
    assert parsed.image_area == pytest.approx(100 * 100 / (600 * 800 * 2), abs=1e-4)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (rejected_files.plain_zip(), UnsupportedFileType),
        (rejected_files.damaged_docx(), CorruptFile),
        (files.strong_resume_docx()[:9_000], CorruptFile),
        (raw_files.raw_docx("<w:p/>"), NoText),
        (rejected_files.billion_laughs_docx(), CorruptFile),
        (rejected_files.external_entity_docx(), CorruptFile),
        (rejected_files.utf16_doctype_docx(), CorruptFile),
        (rejected_files.crowded_docx(1_001), TooComplex),
        (raw_files.raw_docx(" " * 2_000_000), TooComplex),
        (docx_with("<w:p><w:r><w:lastRenderedPageBreak/></w:r></w:p>" * 30), TooManyPages),
        (docx_with(paragraph("word " * 21_000)), TooMuchText),
        (docx_with(paragraph("<w:unclosed>")), CorruptFile),
    ],
    ids=[
        "archive", "damaged", "half", "blank", "laughs", "external", "utf16", "crowded",
        "ratio", "pages", "text", "xml",
    ],
)  # fmt: skip
def test_unreadable_file_is_rejected(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(DocumentError) as caught:
        text_of(data)
    assert caught.type is error


def test_unzipped_bytes_are_limited() -> None:
    with pytest.raises(TooComplex):
        read_docx(files.strong_resume_docx(), limits=Limits(unzipped_bytes=10_000))


def test_loop_of_styles_is_read() -> None:
    style = "<w:style w:type='paragraph' w:styleId='{}'><w:basedOn w:val='{}'/></w:style>"
    styles = f"<w:styles xmlns:w='{raw_files.W}'>{style.format('A', 'B')}{style.format('B', 'A')}</w:styles>"
    data = raw_files.raw_docx(paragraph("looped", properties="<w:pStyle w:val='A'/>"), styles=styles.encode())
    assert text_of(data) == "looped"
