"""Build DOCX and PDF files from raw XML and from raw content streams.

The same call always returns the same bytes.
"""

import zipfile
from collections.abc import Iterable
from io import BytesIO

import docx


def save_docx(document: "docx.document.Document") -> bytes:
    """Return the bytes of a python-docx document, without timestamps."""
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return make_zip({name: archive.read(name) for name in archive.namelist()})


def make_zip(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def raw_docx(body: str, *, prolog: str = "", root: str = "", **parts: bytes) -> bytes:
    """Return a DOCX file with this XML in its body. `parts` are further parts in the folder "word"."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{W}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{root}<w:body>{body}</w:body></w:document>"
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    return make_zip(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "word/document.xml": document.encode(),
            "word/_rels/document.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f"{relations}</Relationships>"
            ).encode(),
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def raw_pdf(
    *pages: str,
    media_box: str = "0 0 595 842",
    extra: Iterable[str] = (),
    resources: str = "",
    fonts: str = "",
    page: str = "",
) -> bytes:
    """Return a PDF file whose pages have these content streams. Helvetica is available as /F1.

    Args:
        pages: a content stream for each page
        media_box: the page size
        extra: further objects; the first one is object 4
        resources: further entries of the resource dictionary
        fonts: further entries of the font dictionary
        page: further entries of each page
    """
    extra = list(extra)
    first_page = 4 + len(extra)
    kids = " ".join(f"{first_page + 2 * at} 0 R" for at in range(len(pages)))
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        (
            f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[{media_box}]"
            f"/Resources<</Font<</F1 3 0 R{fonts}>>{resources}>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *extra,
    ]
    for at, content in enumerate(pages):
        bodies.append(f"<</Type/Page/Parent 2 0 R/Contents {first_page + 2 * at + 1} 0 R{page}>>")
        bodies.append(pdf_stream(content))
    return pdf_from_objects(bodies)


def pdf_stream(content: str, entries: str = "") -> str:
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def pdf_from_objects(bodies: Iterable[str]) -> bytes:
    parts = ["%PDF-1.7\n"]
    length, places = len(parts[0]), []
    for number, body in enumerate(bodies, 1):
        places.append(length)
        parts.append(f"{number} 0 obj{body}endobj\n")
        length += len(parts[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    parts.append(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}")
    parts.append(f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{length}\n%%EOF")
    return "".join(parts).encode("latin-1")
