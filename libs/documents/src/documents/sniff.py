"""The type of a file from its bytes alone; the name and the type that the browser claims are ignored."""

import re
from typing import Literal

from documents.errors import (
    EmptyFile,
    EncryptedFile,
    LegacyWordFile,
    UnsupportedFileType,
)

FileType = Literal["pdf", "docx", "txt"]

# Readers accept junk before the header of a PDF, within the first kilobyte (ISO 32000, annex H).
_PDF_HEADER_WITHIN = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF",
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s|html|\?xml|svg)", re.IGNORECASE)


def sniff(data: bytes) -> FileType:
    """Name the type, or raise the error that says what to do instead.

    A "txt" is only not known to be anything else: `text.decode` decides whether it is text. A "docx" is a
    ZIP: `docx_package` decides whether it holds a Word document.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if data.startswith(_OLE):
        _refuse_ole(data)
    if data.startswith(b"{\\rtf"):
        raise UnsupportedFileType(
            "This is an RTF file, which is not supported: open it and save it as .docx or PDF."
        )
    if data.startswith(_PICTURES) and b"\x00" in data[:4096]:
        _refuse_picture()
    if data[4:8] == b"ftyp":  # HEIC and AVIF photographs
        _refuse_picture()
    if _MARKUP.match(data[:256]):
        raise UnsupportedFileType(
            "This is a web page or an XML file, which is not supported: print it to PDF and upload that."
        )
    if b"\x00" in data and not data.startswith(_UTF16):
        raise UnsupportedFileType
    return "txt"


def _refuse_picture() -> None:
    raise UnsupportedFileType(
        "This is a picture, which is not supported: upload the resume as PDF, DOCX or TXT with real text."
    )


def _refuse_ole(data: bytes) -> None:
    # The names of streams stand in the directory of the container, in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile  # how Office stores a .docx with a password
    if "WordDocument".encode("utf-16-le") in data:
        raise LegacyWordFile
    raise UnsupportedFileType
