"""Make the values of form fields, and typed notes, part of a PDF page, as a viewer shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2.raw as pdfium

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


def draw_form_values(page: object, form: object | None) -> bool:
    """Draw the annotations of a page as part of its content.

    Returns:
        True if the page has changed and must be loaded again.
    """
    kinds = set()
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        kinds.add(pdfium.FPDFAnnot_GetSubtype(annotation))
        flags = pdfium.FPDFAnnot_GetFlags(annotation)
        if flags & _NOT_SHOWN or pdfium.FPDFAnnot_HasKey(annotation, b"OC"):
            pdfium.FPDFAnnot_SetFlags(annotation, flags | pdfium.FPDF_ANNOT_FLAG_HIDDEN)
        pdfium.FPDFPage_CloseAnnot(annotation)
    if not kinds & _WITH_TEXT:
        return False
    if form:
        # Generates the appearance of fields that have only a value.
        pdfium.FORM_OnAfterLoadPage(page, form)
        pdfium.FORM_OnBeforeClosePage(page, form)
    return bool(pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS)
