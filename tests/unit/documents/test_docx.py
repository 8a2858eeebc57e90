"""What a person sees in a Word file, in document order, and nothing else."""

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
from documents.parsed_file import ParsedFile
from documents.parser import assemble

from tests.support import files
from tests.support.documents import raw_files, rejected_files


def read(data: bytes) -> ParsedFile:
    return read_docx(data, limits=Limits())


def text_of(data: bytes) -> str:
    text: str = assemble(read(data), file_bytes=len(data), limits=Limits())["text"]
    return text


def paragraph(text: str, run: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


NAME = paragraph("Mirela Okonjo")


def body(content: str) -> bytes:
    return raw_files.raw_docx(NAME + content)


def test_reads_like_the_text_file() -> None:
    expected = files.strong_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.strong_resume_docx()) == expected


def test_japanese() -> None:
    expected = files.japanese_resume_txt().decode().replace("\n- ", "\n• ").strip()
    assert text_of(files.japanese_resume_docx()) == expected


def test_signals() -> None:
    extract = read(files.strong_resume_docx())
    assert extract.margins == (90, 90, 72, 72)
    assert extract.fonts.most_common(1)[0][0] == ("Cambria", 11.0)
    assert ("Calibri", 14.0) in extract.fonts
    assert (extract.tables, extract.text_boxes, extract.images, extract.columns) == (0, 0, 0, 1)
    assert extract.parse_survival == 1.0
    assert extract.hidden_characters == 0


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
def test_what_is_visible(content: str, expected: str) -> None:
    assert text_of(body(content)) == f"Mirela Okonjo\n{expected}"


def box(
    content: str, *, shape: str = "<wps:spPr/>", anchor: str = "", size: tuple[int, int] = (999_999, 999_999)
) -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor>{anchor}<wp:extent cx='{size[0]}' cy='{size[1]}'/><wps:wsp>{shape}"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></w:r></w:p>"
    )


def old_box(style: str) -> str:
    return (
        f"<w:p><w:r><w:pict><v:shape style='{style}'><v:textbox><w:txbxContent>"
        f"{paragraph('secret')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def behind(size: str) -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor behindDoc='1'><wp:extent {size}/><wps:spPr/></wp:anchor>"
        "</w:drawing></w:r></w:p>"
    )


def table(content: str, *, properties: str = "", row: str = "", cell: str = "") -> str:
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr><w:trPr>{row}</w:trPr>"
        f"<w:tc><w:tcPr>{cell}</w:tcPr>{content}</w:tc></w:tr></w:tbl>"
    )


SECRET = paragraph("secret")
WHITE = "<w:color w:val='FFFFFF'/>"
DARK = "<w:shd w:val='clear' w:fill='1F3864'/>"
LIGHT = "<w:shd w:val='clear' w:fill='FFFFFF'/>"
HIDDEN_WHITE = paragraph("secret", WHITE)
W14 = "xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml'"
A = "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"


def text_fill(fill: str, more: str = "") -> str:
    return f"<w14:textFill {W14}>{fill}</w14:textFill>{more}"


STYLES = (
    f"<w:styles xmlns:w='{raw_files.W}'>"
    f"<w:style w:type='paragraph' w:styleId='Pale'><w:rPr>{WHITE}</w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Paler'><w:basedOn w:val='Pale'/></w:style>"
    "<w:style w:type='character' w:styleId='Gone'><w:rPr><w:vanish/></w:rPr></w:style>"
    f"<w:style w:type='table' w:styleId='PaleTable'><w:rPr>{WHITE}</w:rPr>"
    f"<w:tblStylePr w:type='firstRow'><w:tcPr>{DARK}</w:tcPr></w:tblStylePr></w:style></w:styles>"
).encode()
THEME = (
    f"<a:theme {A}><a:themeElements><a:clrScheme><a:dk1><a:sysClr val='windowText' lastClr='000000'/></a:dk1>"
    "<a:lt1><a:sysClr val='window' lastClr='FFFFFF'/></a:lt1><a:accent1><a:srgbClr val='FDFDFD'/></a:accent1>"
    "</a:clrScheme></a:themeElements></a:theme>"
).encode()
SETTINGS = f"<w:settings xmlns:w='{raw_files.W}'><w:displayBackgroundShape/></w:settings>".encode()


def dressed(content: str, *, root: str = "", settings: bytes = b"<w/>") -> bytes:
    return raw_files.raw_docx(NAME + content, root=root, styles=STYLES, theme=THEME, settings=settings)


HIDDEN = {
    "vanish": paragraph("secret", "<w:vanish/>"),
    "always hidden": paragraph("secret", "<w:specVanish/>"),
    "tiny": paragraph("secret", "<w:sz w:val='4'/>"),
    "squashed": paragraph("secret", "<w:w w:val='1'/>"),
    "drawn together": paragraph("secret", "<w:spacing w:val='-120'/>"),
    "low lines": paragraph("secret", properties="<w:spacing w:line='20' w:lineRule='exact'/>"),
    "white": HIDDEN_WHITE,
    "nearly white": paragraph("secret", "<w:color w:val='FAFAFA'/>"),
    "highlighted white": paragraph("secret", f"{WHITE}<w:highlight w:val='white'/>"),
    "black on black": paragraph("secret", "<w:color w:val='000000'/><w:shd w:val='solid' w:color='000000'/>"),
    "dark on dark": paragraph("secret", "<w:color w:val='1F3864'/>", DARK),
    "white of the theme": paragraph("secret", "<w:color w:val='000000' w:themeColor='background1'/>"),
    "tint of the theme": paragraph(
        "secret", "<w:color w:val='000000' w:themeColor='text1' w:themeTint='03'/>"
    ),
    "no fill": paragraph("secret", text_fill("<w14:noFill/>")),
    "clear fill": paragraph(
        "secret",
        text_fill(
            "<w14:solidFill><w14:srgbClr w14:val='000000'><w14:alpha w14:val='100000'/></w14:srgbClr>"
            "</w14:solidFill>"
        ),
    ),
    "white fill": paragraph(
        "secret", text_fill("<w14:solidFill><w14:schemeClr w14:val='bg1'/></w14:solidFill>")
    ),
    "white gradient": paragraph(
        "secret",
        text_fill(
            "<w14:gradFill><w14:gsLst><w14:gs><w14:srgbClr w14:val='FFFFFF'/></w14:gs></w14:gsLst>"
            "</w14:gradFill>"
        ),
    ),
    "by a style of a style": paragraph("secret", properties="<w:pStyle w:val='Paler'/>"),
    "by a style of letters": paragraph("secret", "<w:rStyle w:val='Gone'/>"),
    "by the style of a table": table(SECRET, properties="<w:tblStyle w:val='PaleTable'/>"),
    "white in a table": table(HIDDEN_WHITE),
    "white in a white cell": table(HIDDEN_WHITE, properties=DARK, cell=LIGHT),
    "hidden row": table(SECRET, row="<w:hidden/>"),
    "low row": table(SECRET, row="<w:trHeight w:val='20' w:hRule='exact'/>"),
    "white in a box": box(HIDDEN_WHITE, shape="<wps:spPr/>"),
    "white in a white box": box(
        HIDDEN_WHITE, shape=f"<wps:spPr><a:solidFill {A}><a:srgbClr val='FFFFFF'/></a:solidFill></wps:spPr>"
    ),
    "box without height": box(SECRET, size=(999_999, 0)),
    "box off the page": box(
        SECRET, anchor="<wp:positionH><wp:posOffset>-9999999</wp:posOffset></wp:positionH>"
    ),
    "hidden box": box(SECRET, anchor="<wp:docPr hidden='1'/>"),
    "old box without size": old_box("width:0;height:0"),
    "old box off the page": old_box("margin-left:-2000pt;width:90pt;height:90pt"),
    "white over a speck": behind("cx='99' cy='99'") + HIDDEN_WHITE,
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_text_is_counted_and_left_out(content: str) -> None:
    data = dressed(content)
    signals = assemble(read(data), file_bytes=len(data), limits=Limits())["signals"]
    assert text_of(data) == "Mirela Okonjo"
    assert (signals["hidden_characters"], signals["hidden_excerpt"]) == (len("secret"), "secret")


def test_hidden_text_in_a_header_is_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("Mirela Okonjo")
    run = document.sections[0].header.paragraphs[0].add_run("secret words")
    run.font.color.rgb = docx.shared.RGBColor(255, 255, 255)
    extract = read(raw_files.save_docx(document))
    assert (extract.marginal_text, extract.hidden_characters) == (None, len("secretwords"))


PANEL = paragraph("panel", WHITE)
VISIBLE = {
    "on a dark paragraph": paragraph("panel", WHITE, DARK),
    "highlighted": paragraph("panel", f"{WHITE}<w:highlight w:val='darkBlue'/>"),
    "on a grey pattern": paragraph("panel", f"{WHITE}<w:shd w:val='pct50' w:color='auto' w:fill='auto'/>"),
    "in a dark cell": table(PANEL, cell=DARK),
    "in a dark table": table(PANEL, properties=DARK),
    "in a row that its style darkens": table(
        paragraph("panel"), properties="<w:tblStyle w:val='PaleTable'/><w:tblLook w:val='0020'/>"
    ),
    "in a dark box": box(
        PANEL, shape=f"<wps:spPr><a:solidFill {A}><a:srgbClr val='1F3864'/></a:solidFill></wps:spPr>"
    ),
    "in a box of a style": box(PANEL, shape="<wps:spPr/><wps:style/>"),
    "before a drawing": behind("cx='2000000' cy='9000000'") + PANEL,
    "not hidden": paragraph("panel", "<w:vanish w:val='0'/>"),
    "hidden on the web alone": paragraph("panel", "<w:webHidden/>"),
    "light grey": paragraph("panel", "<w:color w:val='DDDDDD'/>"),
    "yellow": paragraph("panel", "<w:color w:val='FFFF00'/>"),
    "as Word chooses": paragraph("panel", "<w:color w:val='auto'/>", DARK),
    "condensed": paragraph("panel", "<w:w w:val='66'/><w:spacing w:val='-20'/>"),
    "exact lines": paragraph("panel", properties="<w:spacing w:line='240' w:lineRule='exact'/>"),
    "outlines": paragraph(
        "panel", text_fill("<w14:noFill/>", f"<w14:textOutline {W14}><w14:solidFill/></w14:textOutline>")
    ),
    "colour of the theme": paragraph(
        "panel", "<w:color w:val='FFFFFF' w:themeColor='text1' w:themeTint='A6'/>"
    ),
}


@pytest.mark.parametrize("content", VISIBLE.values(), ids=VISIBLE.keys())
def test_what_can_be_seen_is_not_hidden(content: str) -> None:
    data = dressed(content)
    assert text_of(data).split("\n")[-1] == "panel"
    assert read(data).hidden_characters == 0


def test_a_coloured_page_counts_where_word_shows_it() -> None:
    dark = "<w:background w:color='1F3864'/>"
    assert "panel" in text_of(dressed(PANEL, root=dark, settings=SETTINGS))
    assert "panel" not in text_of(dressed(PANEL, root=dark))
    assert "panel" not in text_of(dressed(PANEL, root="<w:background w:color='FFFFFF'/>", settings=SETTINGS))


def test_text_boxes_are_read_once_and_named() -> None:
    box = f"<w:txbxContent>{paragraph('boxed@example.com')}</w:txbxContent>"
    drawing = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
        f"<wps:txbx>{box}</wps:txbx></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    extract = read(body(drawing))
    assert [line.text for line in extract.lines if line.text] == ["Mirela Okonjo", "boxed@example.com"]
    assert extract.text_boxes == 1
    assert extract.marginal_text == "boxed@example.com"


def test_headers_are_kept_apart() -> None:
    document = docx.Document()
    document.add_paragraph("Mirela Okonjo")
    document.sections[0].header.paragraphs[0].text = "mirela.okonjo@example.com"
    document.sections[0].footer.paragraphs[0].text = "Mirela Okonjo"
    extract = read(raw_files.save_docx(document))
    assert [line.text for line in extract.lines] == ["Mirela Okonjo"]
    assert extract.marginal_text == "mirela.okonjo@example.com"


def test_lists_have_their_marks() -> None:
    document = docx.Document()
    for text, style in [("one", "List Number"), ("two", "List Number"), ("dot", "List Bullet")]:
        document.add_paragraph(text, style=style)
    assert text_of(raw_files.save_docx(document)) == "1. one\n2. two\n• dot"


def test_a_table_for_two_columns_scrambles_naive_readers() -> None:
    left, right = (
        ["Python and Go", "Kafka streams", "Terraform"],
        ["Led a team", "Cut the cost", "Hired people"],
    )
    cells = ["".join(map(paragraph, side)) for side in (left, right)]
    extract = read(body(f"<w:tbl><w:tr><w:tc>{cells[0]}</w:tc><w:tc>{cells[1]}</w:tc></w:tr></w:tbl>"))
    assert (extract.columns, extract.tables) == (2, 1)
    assert extract.parse_survival is not None
    assert extract.parse_survival < 0.8
    assert [line.text for line in extract.lines][1:] == [*left, *right]


def test_a_heading_in_a_cell_of_its_own_heads_the_cell_beside_it() -> None:
    rows = [
        ("Summary", "Engineer who led nine people."),
        ("学歴", "2015年 架空大学 卒業"),
        ("Level", "Native, fluent"),
    ]
    cells = "".join(
        f"<w:tr><w:tc>{paragraph(left)}</w:tc><w:tc>{paragraph(right)}</w:tc></w:tr>" for left, right in rows
    )
    lines = [line.text for line in read(body(f"<w:tbl>{cells}</w:tbl>")).lines]
    assert lines[1:] == [*rows[0], *rows[1], "\t".join(rows[2])]


def test_pictures_and_columns_are_counted() -> None:
    picture = (
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='1270000' cy='1270000'/>"
        "<a:blip xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'/></wp:inline></w:drawing></w:r></w:p>"
    )
    section = "<w:sectPr><w:pgSz w:w='12000' w:h='16000'/><w:cols w:num='2'/></w:sectPr>"
    extract = read(body("<w:p><w:r><w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p>" + picture + section))
    assert (extract.images, extract.columns, extract.page_count) == (1, 2, 2)
    assert extract.image_area == pytest.approx(100 * 100 / (600 * 800 * 2), abs=1e-4)


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
        (body("<w:p><w:r><w:lastRenderedPageBreak/></w:r></w:p>" * 30), TooManyPages),
        (body(paragraph("word " * 21_000)), TooMuchText),
        (body(paragraph("<w:unclosed>")), CorruptFile),
    ],
    ids=[
        "archive", "damaged", "half", "blank", "laughs", "external", "utf16", "crowded",
        "ratio", "pages", "text", "xml",
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(DocumentError) as caught:
        text_of(data)
    assert caught.type is error


def test_what_is_unzipped_is_counted() -> None:
    with pytest.raises(TooComplex):
        read_docx(files.strong_resume_docx(), limits=Limits(unzipped_bytes=10_000))


def test_styles_that_refer_to_each_other_end() -> None:
    style = "<w:style w:type='paragraph' w:styleId='{}'><w:basedOn w:val='{}'/></w:style>"
    styles = f"<w:styles xmlns:w='{raw_files.W}'>{style.format('A', 'B')}{style.format('B', 'A')}</w:styles>"
    data = raw_files.raw_docx(paragraph("looped", properties="<w:pStyle w:val='A'/>"), styles=styles.encode())
    assert text_of(data) == "looped"
