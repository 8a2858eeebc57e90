"""Helpers that build DOCX files from XML and read them."""

from documents.docx.document import read_docx
from documents.limits import Limits
from documents.parsed_file import ParsedFile
from documents.parser import assemble

from tests.support.documents import raw_files


def read(data: bytes) -> ParsedFile:
    return read_docx(data, limits=Limits())


def text_of(data: bytes) -> str:
    text: str = assemble(read(data), file_bytes=len(data), limits=Limits())["text"]
    return text


def paragraph(text: str, run: str = "", properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


NAME = paragraph("Mirela Okonjo")


def docx_with(content: str) -> bytes:
    return raw_files.raw_docx(NAME + content)


def box(
    content: str, *, shape: str = "<wps:spPr/>", anchor: str = "", size: tuple[int, int] = (999_999, 999_999)
) -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor>{anchor}<wp:extent cx='{size[0]}' cy='{size[1]}'/><wps:wsp>{shape}"
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing></w:r></w:p>"
    )


def vml_box(style: str) -> str:
    return (
        f"<w:p><w:r><w:pict><v:shape style='{style}'><v:textbox><w:txbxContent>"
        f"{paragraph('secret')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def drawing_behind_text(size: str) -> str:
    return (
        f"<w:p><w:r><w:drawing><wp:anchor behindDoc='1'><wp:extent {size}/><wps:spPr/></wp:anchor>"
        "</w:drawing></w:r></w:p>"
    )


def table(content: str, *, properties: str = "", row: str = "", cell: str = "") -> str:
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr><w:trPr>{row}</w:trPr>"
        f"<w:tc><w:tcPr>{cell}</w:tcPr>{content}</w:tc></w:tr></w:tbl>"
    )
