"""Files that the document reader must reject."""

import zipfile
import zlib
from functools import cache
from io import BytesIO

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.support.documents.raw_files import (
    CONTENT_TYPES,
    W,
    make_zip,
    pdf_from_objects,
    pdf_stream,
    raw_docx,
    raw_pdf,
)
from tests.support.files import NAME, strong_resume_docx, strong_resume_pdf, strong_resume_txt


def empty() -> bytes:
    return b""


def encrypted_pdf() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, encrypt=StandardEncryption("secret", "owner", strength=128))
    canvas.drawString(72, 720, NAME)
    canvas.save()
    return buffer.getvalue()


def image_only_pdf() -> bytes:
    """Return a picture of a page without text, like a scan."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 85), (240, 236, 220))), 0, 0, *A4)
    canvas.save()
    return buffer.getvalue()


def corrupt_pdf() -> bytes:
    """Return the first half of a valid PDF file."""
    whole = strong_resume_pdf()
    return whole[: len(whole) // 2]


def legacy_doc() -> bytes:
    """Return the outline of a Word 97 file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + "WordDocument".encode("utf-16-le").ljust(
        512, b"\x00"
    )


def encrypted_docx() -> bytes:
    """Return the outline of a DOCX file with a password, which Office wraps like a Word 97 file."""
    return legacy_doc()[:512] + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\x00")


def rtf() -> bytes:
    return rb"{\rtf1\ansi Mirela Okonjo\par Principal Software Engineer}"


def png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return buffer.getvalue()


def plain_zip() -> bytes:
    return make_zip({"resume.txt": strong_resume_txt()})


def many_pages_pdf(pages: int = 20_000) -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(3, pages + 3))
    return pdf_from_objects(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 595 842]>>",
            *["<</Type/Page/Parent 2 0 R>>"] * pages,
        ]
    )


def huge_page_pdf() -> bytes:
    """Return half a kilobyte with a page of 200,000 points (70 metres)."""
    return raw_pdf("BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET", media_box="0 0 200000 200000")


def exploding_pdf() -> bytes:
    """Return a small file in which each of nine forms draws the next one ten times."""
    forms = [
        pdf_stream(
            f"/X{at + 1} Do " * 10,
            f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X{at + 1} {at + 5} 0 R>>>>",
        )
        for at in range(9)
    ]
    last = pdf_stream(
        "BT/F1 1 Tf(a)Tj ET", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>>>"
    )
    return raw_pdf("/X0 Do", extra=[*forms, last], resources="/XObject<</X0 4 0 R>>")


def endless_stripes_pdf() -> bytes:
    """Return a small file that fills the page 400 times with a pattern of half a point."""
    stripes = pdf_stream(
        "1 0 0 rg 0 0 1 1 re f",
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .5/YStep .5/Resources<<>>",
    )
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET /Pattern cs /P scn " + "0 0 595 842 re f " * 400
    return raw_pdf(content, extra=[stripes], resources="/Pattern<</P 4 0 R>>")


def nested_groups_pdf() -> bytes:
    """Return twelve transparent groups, each of which draws the next one twice."""
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency/I true/K true>>"
    groups = [
        pdf_stream(
            f"/X{at + 1} Do /X{at + 1} Do 0 0 595 842 re f",
            f"{entries}/Resources<</XObject<</X{at + 1} {at + 5} 0 R>>>>",
        )
        for at in range(11)
    ]
    last = pdf_stream("0 0 595 842 re f", entries)
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET /X0 Do"
    return raw_pdf(content, extra=[*groups, last], resources="/XObject<</X0 4 0 R>>")


def huge_picture_pdf() -> bytes:
    """Return text under a picture with a stated size of 900 million pixels."""
    picture = pdf_stream(
        "x", "/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET q 595 0 0 842 0 0 cm /I Do Q"
    return raw_pdf(content, extra=[picture], resources="/XObject<</I 4 0 R>>")


def overprinted_pdf() -> bytes:
    """Return five thousand texts on top of each other."""
    lines = (f"BT/F1 12 Tf {72 + at % 9} 600 Td(abcdefghij{at})Tj ET" for at in range(5_000))
    return raw_pdf(" ".join(lines))


def overlong_pdf() -> bytes:
    """Return ten pages with 140,000 characters."""
    line = "T* (" + "resume " * 15 + ")Tj "
    return raw_pdf(*["BT/F1 4.5 Tf 5 TL 20 830 Td " + line * 160 + "ET"] * 10)


@cache
def zip_bomb_docx(megabytes: int = 420) -> bytes:
    """Return a small DOCX file that unzips to hundreds of megabytes."""
    paragraph = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    chunk = paragraph * (1024 * 1024 // len(paragraph))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{W}"><w:body>'.encode())
            for _ in range(megabytes):
                part.write(chunk)
            part.write(b"</w:body></w:document>")
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
    return buffer.getvalue()


def crowded_docx(entries: int = 5_000) -> bytes:
    """Return a DOCX file with too many parts."""
    return make_zip(
        {"word/document.xml": b"<a/>", **{f"word/{number}.xml": b"" for number in range(entries)}}
    )


def billion_laughs_docx() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)
    )
    return raw_docx("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", prolog=f"<!DOCTYPE w [{entities}]>")


def external_entity_docx(path: str = "/etc/hostname") -> bytes:
    return raw_docx(
        "<w:p><w:r><w:t>Mirela Okonjo &stolen;</w:t></w:r></w:p>",
        prolog=f'<!DOCTYPE w [<!ENTITY stolen SYSTEM "file://{path}">]>',
    )


def utf16_doctype_docx() -> bytes:
    """Return a DOCX file with a DOCTYPE in UTF-16, where a search for ASCII bytes does not find it."""
    document = (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY e "x">]><w:document xmlns:w="{W}"/>'
    )
    return make_zip({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document.encode("utf-16")})


def damaged_docx() -> bytes:
    """Return a valid DOCX file with some bytes overwritten."""
    whole = bytearray(strong_resume_docx())
    whole[len(whole) // 3 : len(whole) // 3 + 2_000] = zlib.compress(b"no")[:1] * 2_000
    return bytes(whole)
