"""Read the targets of the links on a PDF page."""

import ctypes
from typing import Final

import pypdfium2_raw as pdfium

# Bytes. Addresses by which a person can be reached are shorter.
_MAX_LENGTH: Final = 800
# A page of contacts and projects has up to 50 links.
_MAX_LINKS: Final = 500


def read_links(document: object, page: object) -> list[str]:
    """Return the addresses that a page links to."""
    found: list[str] = []
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    for _ in range(_MAX_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, position, link):
            break
        if target := _target(document, link):
            found.append(target)
    return found


def _target(document: object, link: object) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action:
        return ""
    buffer = ctypes.create_string_buffer(_MAX_LENGTH)
    length = pdfium.FPDFAction_GetURIPath(document, action, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace").strip() if length <= len(buffer) else ""
