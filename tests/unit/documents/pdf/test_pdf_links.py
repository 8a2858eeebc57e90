"""Contacts that a PDF file holds as links."""

import pytest
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents.raw_files import raw_pdf

TEXT = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj 0 -20 Td(E-mail, telephone, profile)Tj ET"


def link(target: str) -> str:
    return f"<</Type/Annot/Subtype/Link/Rect[72 690 300 710]/A<</S/URI/URI({target})>>>>"


def links_of(*annotations: str) -> list[str]:
    data = raw_pdf(TEXT, page=f"/Annots[{''.join(annotations)}]")
    links: list[str] = parse_file(data, Limits())["signals"]["contact_links"]
    return links


def test_contacts_are_read_from_links() -> None:
    targets = ["mailto:mirela@example.com", "tel:+442079460123", "https://www.linkedin.com/in/mirela"]
    assert links_of(*map(link, targets)) == targets
    assert links_of(link(targets[0]), link(targets[0])) == targets[:1]


@pytest.mark.parametrize(
    "annotation",
    [
        link("https://harrow.example/products"),
        link("mailto:" + "x" * 2_000),
        "<</Type/Annot/Subtype/Link/Rect[72 690 300 710]/Dest[0/Fit]>>",
        "<</Type/Annot/Subtype/Link/Rect[72 690 300 710]>>",
        "<</Type/Annot/Subtype/Text/Rect[72 690 90 710]/Contents(mailto:mirela@example.com)>>",
    ],
)
def test_other_annotations_are_no_contacts(annotation: str) -> None:
    assert links_of(annotation) == []
