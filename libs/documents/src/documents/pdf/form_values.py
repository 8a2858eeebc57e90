"""Make the values of form fields, and typed notes, part of a PDF page, as a viewer shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2_raw as pdfium

from documents.pdf.page_objects import Rectangle

# Annotations that show text of their own.
_WITH_TEXT = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_NOT_SHOWN = pdfium.FPDF_ANNOT_FLAG_INVISIBLE | pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


@contextmanager
def open_form(document: object) -> Iterator[object | None]:
    """Yield the form of a document, or None if it has none."""
    if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_NONE:
        yield None
        return
    settings = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, settings)
    try:
        yield form
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def draw_form_values(page: object, form: object | None) -> list[Rectangle]:
    """Draw the annotations of a page as the last part of its content.

    Returns:
        The places of fields and notes in page space: left, bottom, right and top. If there are any, the page
        has changed and must be loaded again.
    """
    places: list[Rectangle] = []
    hidden: list[int] = []
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in _WITH_TEXT:
            place = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(annotation, place)
            places.append((place.left, place.bottom, place.right, place.top))
        if pdfium.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN:
            hidden.append(at)
        is_optional = kind in _WITH_TEXT and pdfium.FPDFAnnot_HasKey(annotation, b"OC")
        pdfium.FPDFPage_CloseAnnot(annotation)
        if is_optional:
            # PDFium would draw it although a viewer may not show it.
            return []
    if not places:
        return []
    for at in hidden:
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        pdfium.FPDFAnnot_SetFlags(annotation, pdfium.FPDF_ANNOT_FLAG_HIDDEN)
        pdfium.FPDFPage_CloseAnnot(annotation)
    if form:
        # Generates the appearance of fields that have only a value.
        pdfium.FORM_OnAfterLoadPage(page, form)
        pdfium.FORM_OnBeforeClosePage(page, form)
    is_drawn = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    return places if is_drawn else []
