"""Detect the type of a file from its bytes. The file name and the browser's MIME type are ignored."""

import re
from typing import Literal, NoReturn

from documents.errors import EmptyFile, EncryptedFile, LegacyWordFile, UnsupportedFileType

FileType = Literal["pdf", "docx", "txt"]

# PDF readers accept other bytes before the header, within the first kilobyte (ISO 32000, annex H).
_PDF_HEADER_WITHIN = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
# Byte order marks and the null bytes of UTF-16, which may surround the signs of a markup language.
_BYTE_ORDER = b"\x00\xff\xfe\xef\xbb\xbf"
# Word saves a document with the name .doc as a web page in a file like an e-mail.
_MARKUP = re.compile(
    rb"\s*(?:<!--|<(?:!doctype|html|head|body|meta|title|style|\?xml|svg|div|table)\b|mime-version:\s)",
    re.IGNORECASE,
)
_RTF = b"{\\rtf"


def sniff(data: bytes) -> FileType:
    """Return the type of a file.

    "txt" means any file of no other known type; `plain_text.decode` rejects files that are not text. "docx"
    means any ZIP archive; `docx.package` rejects archives without a Word document.

    Raises:
        EmptyFile, EncryptedFile, LegacyWordFile, UnsupportedFileType
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if data.startswith(_OLE):
        _reject_ole(data)
    beginning = data[:512].translate(None, _BYTE_ORDER)
    if beginning.lstrip().startswith(_RTF):
        raise UnsupportedFileType(
            "This is an RTF file, which is not supported: open it and save it as .docx or PDF."
        )
    if data.startswith(_PICTURES) and b"\x00" in data[:4096]:
        _reject_picture()
    if data[4:8] == b"ftyp":  # HEIC and AVIF photographs
        _reject_picture()
    if _MARKUP.match(beginning):
        raise UnsupportedFileType(
            "This is a web page or an XML file, which is not supported: print it to PDF and upload that."
        )
    if b"\x00" in data and not _is_text(data):
        raise UnsupportedFileType
    return "txt"


def _is_text(data: bytes) -> bool:
    # Imported on demand, because the time of an import counts for each file.
    from documents.encodings.detection import decode_text  # noqa: PLC0415 - see above

    return decode_text(data) is not None


def _reject_picture() -> NoReturn:
    raise UnsupportedFileType(
        "This is a picture, which is not supported: upload the resume as PDF, DOCX or TXT with real text."
    )


def _reject_ole(data: bytes) -> NoReturn:
    # The directory of the container lists the names of its streams in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFile  # Office stores a .docx with a password in this way
    if "WordDocument".encode("utf-16-le") in data:
        raise LegacyWordFile
    raise UnsupportedFileType
