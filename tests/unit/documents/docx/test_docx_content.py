"""Content of DOCX files outside ordinary paragraphs: forms, diagrams, notes, margins, signs and links."""

import docx
import pytest
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents import raw_files
from tests.unit.documents.docx.docx_xml import docx_with, paragraph, read, table, text_of

A = "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"
DGM = "xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram'"


def form_field(data: str, *, code: str, result: str = "") -> str:
    return (
        "<w:p><w:r><w:t>Notice: </w:t></w:r>"
        f"<w:r><w:fldChar w:fldCharType='begin'><w:ffData>{data}</w:ffData></w:fldChar></w:r>"
        f"<w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
        f"{result}<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t> end</w:t></w:r></w:p>"
    )


ENTRIES = "<w:listEntry w:val='one month'/><w:listEntry w:val='three months'/>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            form_field(f"<w:ddList><w:result w:val='1'/>{ENTRIES}</w:ddList>", code="FORMDROPDOWN"),
            "three months",
        ),
        (form_field(f"<w:ddList>{ENTRIES}</w:ddList>", code="FORMDROPDOWN"), "one month"),
        (
            form_field(
                f"<w:ddList><w:result w:val='1'/>{ENTRIES}</w:ddList>",
                code="FORMDROPDOWN",
                result="<w:r><w:t>three months</w:t></w:r>",
            ),
            "three months",
        ),
        (form_field("<w:checkBox><w:checked/></w:checkBox>", code="FORMCHECKBOX"), "☒"),
        (form_field("<w:checkBox><w:default w:val='1'/></w:checkBox>", code="FORMCHECKBOX"), "☒"),
        (
            form_field(
                "<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>", code="FORMCHECKBOX"
            ),
            "☐",
        ),
        (
            form_field("<w:textInput/>", code="FORMTEXT", result="<w:r><w:t>two weeks</w:t></w:r>"),
            "two weeks",
        ),
    ],
)
def test_value_of_a_form_field_is_read(content: str, expected: str) -> None:
    assert text_of(docx_with(content)) == f"Mirela Okonjo\nNotice: {expected} end"


def test_code_of_a_field_is_not_read() -> None:
    content = (
        "<w:p><w:r><w:t>a </w:t><w:fldChar w:fldCharType='begin'/><w:instrText>IF </w:instrText>"
        "<w:fldChar w:fldCharType='begin'/><w:instrText>MERGEFIELD x</w:instrText>"
        "<w:fldChar w:fldCharType='separate'/><w:t>inner</w:t><w:fldChar w:fldCharType='end'/>"
        "<w:fldChar w:fldCharType='separate'/><w:t>shown</w:t><w:fldChar w:fldCharType='end'/></w:r></w:p>"
    )
    assert text_of(docx_with(content)) == "Mirela Okonjo\na shown"


def test_field_without_an_end_hides_no_later_paragraph() -> None:
    content = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>" + paragraph("kept")
    assert text_of(docx_with(content)) == "Mirela Okonjo\n\nkept"


@pytest.mark.parametrize(
    "control",
    [
        (
            "<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:value='x'/></w:dropDownList></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>Berlin</w:t></w:r></w:sdtContent></w:sdt>"
        ),
        "<w:sdt><w:sdtPr><w:date/></w:sdtPr><w:sdtContent><w:r><w:t>Berlin</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:ins><w:sdt><w:sdtContent><w:r><w:t>Berlin</w:t></w:r></w:sdtContent></w:sdt></w:ins>",
    ],
)
def test_value_of_a_content_control_is_read_once(control: str) -> None:
    assert text_of(docx_with(f"<w:p>{control}</w:p>")) == "Mirela Okonjo\nBerlin"


def test_check_box_of_a_content_control_is_read() -> None:
    box = (
        "<w:sdt><w:sdtPr><w14:checkbox xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml'/></w:sdtPr>"
        "<w:sdtContent><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r></w:sdtContent></w:sdt>"
    )
    assert (
        text_of(docx_with(f"<w:p>{box}<w:r><w:t> relocate</w:t></w:r></w:p>")) == "Mirela Okonjo\n☑ relocate"
    )


def diagram(points: str, links: str = "") -> bytes:
    return (
        f"<dgm:dataModel {DGM} {A}><dgm:ptLst>{points}</dgm:ptLst>"
        f"<dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    ).encode()


def node(number: int, text: str, kind: str = "", run: str = "") -> str:
    kind = f" type='{kind}'" if kind else ""
    return (
        f"<dgm:pt modelId='{number}'{kind}><dgm:t><a:bodyPr/><a:p><a:r><a:rPr {run}</a:rPr>"
        f"<a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
    )


PLAIN = "lang='en'>"
WHITE = "lang='en'><a:solidFill><a:srgbClr val='FFFFFF'/></a:solidFill>"
DIAGRAM = (
    "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='3000000' cy='3000000'/>"
    f"<a:graphic {A}><a:graphicData><dgm:relIds {DGM} r:dm='diagramData1'/></a:graphicData></a:graphic>"
    "</wp:inline></w:drawing></w:r></w:p>"
)


def with_diagram(data: bytes) -> bytes:
    return raw_files.raw_docx(paragraph("Mirela Okonjo") + DIAGRAM, diagramData1=data)


def test_diagram_is_read_in_the_order_of_its_nodes() -> None:
    points = "<dgm:pt modelId='0' type='doc'/>" + "".join(
        (node(1, "Kafka", run=PLAIN), node(2, "Languages", run=PLAIN), node(3, "Python", run=PLAIN))
    )
    links = (
        "<dgm:cxn srcId='0' destId='2' srcOrd='0'/><dgm:cxn srcId='0' destId='1' srcOrd='1'/>"
        "<dgm:cxn srcId='2' destId='3' srcOrd='0'/><dgm:cxn type='presOf' srcId='1' destId='9' srcOrd='0'/>"
    )
    other = node(7, "no text of its own", kind="pres", run=PLAIN)
    parsed = read(with_diagram(diagram(points + other, links)))
    assert [line.text for line in parsed.lines if line.text] == [
        "Mirela Okonjo",
        "Languages",
        "Python",
        "Kafka",
    ]
    assert parsed.marginal_text == "Languages\nPython\nKafka"


@pytest.mark.parametrize("run", [WHITE, "sz='100'>", "lang='en'><a:noFill/>"])
def test_hidden_text_of_a_diagram_is_counted_and_not_read(run: str) -> None:
    parsed = read(with_diagram(diagram(node(1, "secret", run=run) + node(2, "shown", run=PLAIN))))
    assert [line.text for line in parsed.lines if line.text] == ["Mirela Okonjo", "shown"]
    assert parsed.hidden_characters == 6


def test_text_boxes_in_a_group_are_read() -> None:
    boxes = "".join(
        f"<wps:wsp><wps:spPr/><wps:txbx><w:txbxContent>{paragraph(text)}</w:txbxContent></wps:txbx></wps:wsp>"
        for text in ("first", "second")
    )
    group = (
        "<w:p><w:r><w:drawing><wp:anchor><wp:extent cx='999999' cy='999999'/><wpg:wgp xmlns:wpg='urn:g'>"
        f"<wpg:grpSp>{boxes}</wpg:grpSp></wpg:wgp></wp:anchor></w:drawing></w:r></w:p>"
    )
    assert text_of(docx_with(group)) == "Mirela Okonjo\nfirst\nsecond"
    shapes = "".join(
        f"<v:shape style='width:2000;height:900'><v:textbox><w:txbxContent>{paragraph(text)}</w:txbxContent>"
        "</v:textbox></v:shape>"
        for text in ("first", "second")
    )
    old = (
        f"<w:p><w:r><w:pict><v:group style='width:300pt;height:90pt'>{shapes}</v:group></w:pict></w:r></w:p>"
    )
    assert text_of(docx_with(old)) == "Mirela Okonjo\nfirst\nsecond"


def notes(kind: str, *texts: str) -> bytes:
    items = "".join(f"<w:{kind} w:id='{at}'>{paragraph(text)}</w:{kind}>" for at, text in enumerate(texts))
    return f"<w:{kind}s xmlns:w='{raw_files.W}'>{items}</w:{kind}s>".encode()


def test_notes_that_the_text_refers_to_are_read_once_below_it() -> None:
    body = (
        "<w:p><w:r><w:t>Cut cost</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r>"
        "<w:r><w:endnoteReference w:id='0'/></w:r><w:r><w:footnoteReference w:id='1'/></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id='2'/></w:r></w:p>"
    ) + paragraph("Led people")
    data = raw_files.raw_docx(
        body,
        footnotes=notes("footnote", "separator", "By 30 %.", "hidden"),
        endnotes=notes("endnote", "In 2021."),
    )
    assert text_of(data) == "Cut cost\nLed people\n\nBy 30 %.\nIn 2021."


def test_margins_are_read_once_around_the_text() -> None:
    document = docx.Document()
    document.add_paragraph("Engineer")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "Mirela Okonjo, page 2"
    section.first_page_header.paragraphs[0].text = "mirela@example.com"
    section.even_page_header.paragraphs[0].text = "not shown"
    section.footer.paragraphs[0].text = "Page 2 of 3"
    section.first_page_footer.paragraphs[0].text = "+44 20 7946 0958"
    document.add_section()
    assert text_of(raw_files.save_docx(document)) == (
        "mirela@example.com\nMirela Okonjo, page 2\n\nEngineer\n\n+44 20 7946 0958"
    )


@pytest.mark.parametrize("text", ["3", "- 2 -", "Page 1", "page 2 of 3", "2 / 3", "3ページ", "Seite 2 von 3"])
def test_page_numbers_of_margins_are_not_read(text: str) -> None:
    document = docx.Document()
    document.add_paragraph("Engineer")
    document.sections[0].footer.paragraphs[0].text = text
    assert text_of(raw_files.save_docx(document)) == "Engineer"


@pytest.mark.parametrize(
    ("font", "letters", "expected"),
    [
        ("Wingdings", "§ Led people", "• Led people"),
        ("Wingdings", "l", "•"),
        ("Wingdings", "\uf0d8", "•"),
        ("Symbol", "·", "•"),
        ("Calibri", "l", "l"),
    ],
)
def test_letters_of_sign_fonts_are_signs(font: str, letters: str, expected: str) -> None:
    fonts = f"<w:rFonts w:ascii='{font}' w:hAnsi='{font}'/>"
    sign, _, rest = letters.partition(" ")
    content = (
        f"<w:p><w:r><w:rPr>{fonts}</w:rPr><w:t>{sign}</w:t></w:r>"
        f"<w:r><w:t xml:space='preserve'> {rest or 'item'}</w:t></w:r></w:p>"
    )
    assert text_of(docx_with(content)) == f"Mirela Okonjo\n{expected.split(maxsplit=1)[0]} {rest or 'item'}"


def test_arrow_of_word_joins_two_dates() -> None:
    arrow = "<w:sym w:font='Wingdings' w:char='F0E0'/>"
    content = (
        f"<w:p><w:r><w:t>Jan 2019 </w:t>{arrow}<w:t> Present</w:t></w:r></w:p>"
        f"<w:p><w:r>{arrow}<w:t> Led</w:t></w:r></w:p>"
    )
    assert text_of(docx_with(content)) == "Mirela Okonjo\nJan 2019 → Present\n• Led"


def test_emoji_with_an_alternative_is_read_once() -> None:
    content = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='w16se'>"
        "<w16se:symEx xmlns:w16se='urn:x' w16se:char='1F4E7'/></mc:Choice>"
        "<mc:Fallback><w:t>@@</w:t></mc:Fallback></mc:AlternateContent><w:t> a@example.com</w:t></w:r></w:p>"
    )
    assert text_of(docx_with(content)) == "Mirela Okonjo\n\U0001f4e7 a@example.com"


def test_table_in_a_cell_is_read() -> None:
    inner = table(paragraph("Python")) + "<w:p/>"
    assert text_of(docx_with(table(paragraph("Skills") + inner))) == "Mirela Okonjo\nSkills\nPython"


@pytest.mark.parametrize(
    "content",
    [
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b\xa0c</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>a</w:t><w:ptab/><w:t>b\u202fc</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>b</w:t><w:softHyphen/><w:t>\u2007c</w:t></w:r></w:p>",
    ],
)
def test_tabs_and_special_spaces_separate_words(content: str) -> None:
    assert text_of(docx_with(content)) == "Mirela Okonjo\na\tb c"


@pytest.mark.parametrize(
    "content",
    [
        "<w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></w:p>",
        "<w:p><w:commentRangeStart w:id='0'/><w:r><w:commentReference w:id='0'/></w:r></w:p>",
        paragraph("gone", "<w:vanish/>"),
        "<w:p><w:r><w:annotationRef/></w:r></w:p>",
    ],
)
def test_invisible_content_is_not_read(content: str) -> None:
    comment = f"<w:comment w:id='0'>{paragraph('gone')}</w:comment>"
    comments = f"<w:comments xmlns:w='{raw_files.W}'>{comment}</w:comments>"
    data = raw_files.raw_docx(paragraph("Mirela Okonjo") + content, comments=comments.encode())
    assert text_of(data) == "Mirela Okonjo"


def with_links(body: str, **targets: str) -> bytes:
    relations = "".join(
        f"<Relationship Id='{name}' TargetMode='External' Target='{target}' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'/>"
        for name, target in targets.items()
    )
    parts = {
        "[Content_Types].xml": raw_files.CONTENT_TYPES,
        "word/document.xml": (
            f"<w:document xmlns:w='{raw_files.W}' {A} xmlns:r='http://schemas.openxmlformats.org/officeDocument/"
            f"2006/relationships'><w:body>{body}</w:body></w:document>"
        ).encode(),
        "word/_rels/document.xml.rels": (
            f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{relations}"
            "</Relationships>"
        ).encode(),
    }
    return raw_files.make_zip(parts)


def test_contacts_behind_links_are_signals() -> None:
    body = (
        "<w:p><w:hyperlink r:id='a'><w:r><w:t>Mail me</w:t></w:r></w:hyperlink>"
        "<w:r><w:pict><a:hlinkClick r:id='b'/></w:pict></w:r>"
        '<w:r><w:instrText> HYPERLINK "https://www.linkedin.com/in/mirela" </w:instrText></w:r>'
        "<w:hyperlink r:id='c'><w:r><w:t>Employer</w:t></w:r></w:hyperlink></w:p>"
    )
    data = with_links(
        body,
        a="mailto:mirela%40example.com?subject=Hi",
        b="tel:+442079460958",
        c="https://example.com/about",
        unused="mailto:other@example.com",
    )
    assert parse_file(data, Limits())["signals"]["contact_links"] == [
        "mailto:mirela@example.com?subject=Hi",
        "tel:+442079460958",
        "https://www.linkedin.com/in/mirela",
    ]


def row(*cells: tuple[str, ...]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{''.join(map(paragraph, cell))}</w:tc>" for cell in cells) + "</w:tr>"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((("平成29",), ("4",), ("架空商事 入社", "営業に従事")), ["平成29\t4\t架空商事 入社", "営業に従事"]),
        ((("令和元年",), ("10月",), ("架空商事 入社",)), ["令和元年\t10月\t架空商事 入社"]),
        ((("2021",), ("3",), ("退職", "（業績好調）")), ["2021\t3\t退職", "（業績好調）"]),
        ((("2015", "2019"), ("4", "3"), ("入学", "卒業")), ["2015\t4\t入学", "2019\t3\t卒業"]),
        ((("3",), ("4",), ("first", "second")), ["3", "4", "first", "second"]),
        ((("2021",), ("Python",), ("first", "second")), ["2021\tPython", "first", "second"]),
    ],
)
def test_year_and_month_in_cells_share_the_line_of_their_entry(
    cells: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    assert text_of(docx_with(f"<w:tbl>{row(*cells)}</w:tbl>")).split("\n")[1:] == expected


@pytest.mark.parametrize("sign", ["\uf0b7", "\uf0be", "\ue000", "o", "§", "❖", ""])
def test_private_character_of_a_list_is_a_bullet(sign: str) -> None:
    numbering = (
        f"<w:numbering xmlns:w='{raw_files.W}'><w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'>"
        f"<w:numFmt w:val='bullet'/><w:lvlText w:val='{sign}'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num></w:numbering>"
    )
    item = paragraph("item", properties="<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>")
    assert text_of(raw_files.raw_docx(item, numbering=numbering.encode())) == "• item"
