"""Values of form fields and typed notes."""

import pytest
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents.raw_files import pdf_from_objects, pdf_stream

APPEARANCE = "/Tx BMC q BT /Helv 10 Tf 0 g 2 6 Td ({value}) Tj ET Q EMC"


def form_pdf(
    *,
    appearance: bool,
    entries: str = "",
    settings: str = "",
    flags: int = 4,
    colour: str = "0 g",
    name: str = "Mirela Okonjo",
) -> bytes:
    """Return a form with a name, whose value its parent holds, an e-mail address, a choice and a note."""
    values = (name, "mirela@example.com")
    streams = [
        pdf_stream(
            APPEARANCE.format(value=value).replace("0 g", colour),
            "/Type/XObject/Subtype/Form/BBox[0 0 280 20]/Resources<</Font<</Helv 3 0 R>>>>",
        )
        for value in values
    ]
    drawn = ["/AP<</N 10 0 R>>", "/AP<</N 11 0 R>>"] if appearance else ["", ""]
    widget = f"<</Type/Annot/Subtype/Widget/F {flags}/P 4 0 R/DA(/Helv 10 Tf {colour}){entries}"
    return pdf_from_objects(
        [
            (
                "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 8 0 R 9 0 R]/DA(/Helv 10 Tf 0 g)"
                f"/DR<</Font<</Helv 3 0 R>>>>{settings}>>>>"
            ),
            "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Annots[7 0 R 8 0 R 9 0 R]>>",
            pdf_stream(
                "BT/F1 10 Tf 72 740 Td(Name)Tj 0 -40 Td(E-mail)Tj 0 -40 Td(Field)Tj 0 -40 Td(End)Tj ET"
            ),
            "<</FT/Tx/T(name)/V(Mirela Okonjo)/Kids[7 0 R]>>",
            f"{widget}/Parent 6 0 R/Rect[72 714 400 734]{drawn[0]}>>",
            f"{widget}/FT/Tx/T(mail)/V(mirela@example.com)/Rect[72 674 400 694]{drawn[1]}>>",
            f"{widget}/FT/Ch/Ff 131072/T(field)/Opt[(Logistics)(Retail)]/V(Retail)/Rect[72 634 400 654]>>",
            *streams,
        ]
    )


def read(data: bytes) -> tuple[list[str], int]:
    result = parse_file(data, Limits())
    return [line for line in result["text"].splitlines() if line], result["signals"]["hidden_characters"]


@pytest.mark.parametrize("settings", ["", "/NeedAppearances true", "/NeedAppearances false"])
@pytest.mark.parametrize("appearance", [True, False])
def test_values_are_read_at_their_places(settings: str, appearance: bool) -> None:
    lines, hidden = read(form_pdf(appearance=appearance, settings=settings))
    assert lines == ["Name", "Mirela Okonjo", "E-mail", "mirela@example.com", "Field", "Retail", "End"]
    assert hidden == 0


@pytest.mark.parametrize("flags", [2, 32, 34])
def test_hidden_fields_are_not_read(flags: int) -> None:
    lines, _ = read(form_pdf(appearance=True, flags=flags))
    assert lines == ["Name", "E-mail", "Field", "End"]


def test_field_in_optional_content_is_not_read() -> None:
    lines, _ = read(form_pdf(appearance=True, entries="/OC<</Type/OCG/Name(Off)>>"))
    assert lines == ["Name", "E-mail", "Field", "End"]


def test_end_of_a_long_value_is_no_hidden_text() -> None:
    lines, hidden = read(form_pdf(appearance=True, name="Mirela Okonjo " + "and more " * 20))
    assert lines[1].startswith("Mirela Okonjo and more")
    assert len(lines[1]) < 100
    assert hidden == 0


def test_white_value_is_hidden() -> None:
    lines, hidden = read(form_pdf(appearance=True, colour="1 g"))
    assert "Mirela" not in " ".join(lines)
    assert hidden >= len("MirelaOkonjomirela@example.com")


def test_typed_note_is_read_and_sticky_note_is_not() -> None:
    note = (
        "<</Type/Annot/Subtype/FreeText/F 4/Contents(Available from May)/DA(/Helv 10 Tf 0 g)"
        "/Rect[72 500 300 520]>>"
    )
    sticky = "<</Type/Annot/Subtype/Text/F 4/Contents(Private remark)/Rect[72 400 90 420]>>"
    data = pdf_from_objects(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            f"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Annots[{note}{sticky}6 0 R]>>",
            pdf_stream("BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET"),
            "<</Type/Annot/Subtype/FreeText/F 4/Contents(Typed)/Rect[72 600 300 620]/AP<</N 7 0 R>>>>",
            pdf_stream(
                "BT/F1 12 Tf 2 4 Td(Open to remote work)Tj ET",
                "/Type/XObject/Subtype/Form/BBox[0 0 228 20]/Resources<</Font<</F1 3 0 R>>>>",
            ),
        ]
    )
    lines, _ = read(data)
    assert "Open to remote work" in lines
    assert not any("Private" in line for line in lines)
