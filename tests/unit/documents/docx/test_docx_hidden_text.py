"""Hidden text of DOCX files is left out and counted, and visible text is not."""

import docx
import pytest
from documents.limits import Limits
from documents.parser import assemble

from tests.support.documents import raw_files
from tests.unit.documents.docx.docx_xml import (
    NAME,
    box,
    drawing_behind_text,
    paragraph,
    read,
    table,
    text_of,
    vml_box,
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


def docx_with_styles(content: str, *, root: str = "", settings: bytes = b"<w/>") -> bytes:
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
    "old box without size": vml_box("width:0;height:0"),
    "old box off the page": vml_box("margin-left:-2000pt;width:90pt;height:90pt"),
    "white over a speck": drawing_behind_text("cx='99' cy='99'") + HIDDEN_WHITE,
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_text_is_counted_and_left_out(content: str) -> None:
    data = docx_with_styles(content)
    signals = assemble(read(data), file_bytes=len(data), limits=Limits())["signals"]
    assert text_of(data) == "Mirela Okonjo"
    assert (signals["hidden_characters"], signals["hidden_excerpt"]) == (len("secret"), "secret")


def test_hidden_text_in_a_header_is_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("Mirela Okonjo")
    run = document.sections[0].header.paragraphs[0].add_run("secret words")
    run.font.color.rgb = docx.shared.RGBColor(255, 255, 255)
    parsed = read(raw_files.save_docx(document))
    assert (parsed.marginal_text, parsed.hidden_characters) == (None, len("secretwords"))


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
    "before a drawing": drawing_behind_text("cx='2000000' cy='9000000'") + PANEL,
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
def test_visible_text_is_not_hidden(content: str) -> None:
    data = docx_with_styles(content)
    assert text_of(data).split("\n")[-1] == "panel"
    assert read(data).hidden_characters == 0


def test_page_colour_is_the_background_if_word_shows_it() -> None:
    dark = "<w:background w:color='1F3864'/>"
    assert "panel" in text_of(docx_with_styles(PANEL, root=dark, settings=SETTINGS))
    assert "panel" not in text_of(docx_with_styles(PANEL, root=dark))
    assert "panel" not in text_of(
        docx_with_styles(PANEL, root="<w:background w:color='FFFFFF'/>", settings=SETTINGS)
    )
