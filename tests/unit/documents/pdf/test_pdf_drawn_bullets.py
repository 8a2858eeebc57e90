"""Bullets that are shapes or pictures instead of characters."""

from collections.abc import Callable

import pytest
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents.raw_files import pdf_stream, raw_pdf

ROWS = (
    "Led nine analysts in two offices",
    "Cut the cost of returns by 31%",
    "Built forecasts in Python and SQL",
)
HEAD = (
    "BT/F1 16 Tf 60 760 Td(Mirela Okonjo)Tj ET BT/F1 11 Tf 60 735 Td(Analyst, Harrow Ltd, 2021 to 2024)Tj ET "
)
IMAGE = pdf_stream(
    "\x00" * 16,
    "/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray/Width 4/Height 4",
)


def circle(x: float, y: float, radius: float = 1.8, paint: str = "f") -> str:
    k = 0.552 * radius
    return (
        f"{x + radius} {y} m {x + radius} {y + k} {x + k} {y + radius} {x} {y + radius} c "
        f"{x - k} {y + radius} {x - radius} {y + k} {x - radius} {y} c "
        f"{x - radius} {y - k} {x - k} {y - radius} {x} {y - radius} c "
        f"{x + k} {y - radius} {x + radius} {y - k} {x + radius} {y} c {paint} "
    )


def square(x: float, y: float) -> str:
    return f"{x - 1.6} {y - 1.6} 3.2 3.2 re f "


def diamond(x: float, y: float) -> str:
    return f"{x} {y - 2.2} m {x + 2.2} {y} l {x} {y + 2.2} l {x - 2.2} {y} l f "


def picture(x: float, y: float) -> str:
    return f"q 4 0 0 4 {x - 2} {y - 2} cm /I Do Q "


def form(x: float, y: float) -> str:
    return f"q 1 0 0 1 {x} {y} cm /Fm Do Q "


def text_of(content: str) -> str:
    dot = pdf_stream(circle(0, 0), "/Type/XObject/Subtype/Form/BBox[-3 -3 3 3]")
    data = raw_pdf(content, extra=[IMAGE, dot], resources="/XObject<</I 4 0 R/Fm 5 0 R>>")
    text: str = parse_file(data, Limits())["text"]
    return text


def rows(*, left: float = 75, size: float = 11, font: str = "F1") -> str:
    return "".join(
        f"BT/{font} {size} Tf {left} {710 - 16 * at} Td({row})Tj ET " for at, row in enumerate(ROWS)
    )


DRAWN = {
    "circle": circle,
    "ring": lambda x, y: circle(x, y, 1.6, "s"),
    "square": square,
    "diamond": diamond,
    "picture": picture,
    "form": form,
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
@pytest.mark.parametrize("before", [True, False])
def test_drawn_bullet_is_read(draw: Callable[[float, float], str], before: bool) -> None:
    marks = "".join(draw(66, 713.2 - 16 * at) for at in range(3))
    content = marks + rows() if before else rows() + marks
    text = text_of(HEAD + content)
    assert text.endswith("\n".join(f"• {row}" for row in ROWS))
    assert text.count("•") == 3


def test_drawn_bullets_in_two_columns_are_read() -> None:
    left = "".join(square(66, 713.2 - 16 * at) for at in range(3))
    right = "".join(circle(330, 713.2 - 16 * at) for at in range(3))
    text = text_of(HEAD + left + right + rows() + rows(left=340))
    assert text.count("• ") == 6


def test_wrapped_row_gets_no_bullet() -> None:
    content = (
        "BT/F1 11 Tf 75 710 Td(Led nine analysts in two offices, trained all in statistics, and was)Tj "
        "0 -14 Td(responsible for hiring)Tj 0 -16 Td(Cut the cost of returns by 31%)Tj ET "
    )
    text = text_of(HEAD + circle(66, 713.2) + circle(66, 683.2) + content)
    assert text.count("•") == 2
    assert "and was responsible for hiring" in text


NOT_BULLETS = {
    "one ornament": circle(66, 713),
    "rating": "".join(circle(300 + 8 * dot, 713 - 16 * at) for at in range(3) for dot in range(5)),
    "rating before": "".join(circle(35 + 8 * dot, 713 - 16 * at) for at in range(3) for dot in range(5)),
    "white": "1 g " + "".join(circle(66, 713 - 16 * at) for at in range(3)) + "0 g ",
    "timeline": "66 660 m 66 720 l S " + "".join(circle(66, 713 - 16 * at) for at in range(3)),
    "far away": "".join(circle(20, 713 - 16 * at) for at in range(3)),
    "rules": "".join(f"55 {713 - 16 * at} 15 1 re f " for at in range(3)),
    "too large": "".join(circle(62, 713 - 16 * at, 5.5) for at in range(3)),
    "between rows": "".join(circle(66, 705 - 16 * at) for at in range(3)),
}


@pytest.mark.parametrize("drawn", NOT_BULLETS.values(), ids=NOT_BULLETS.keys())
def test_other_shapes_are_no_bullets(drawn: str) -> None:
    text = text_of(HEAD + drawn + rows())
    assert "•" not in text
    assert text.split()[-1] == "SQL"


def test_separators_between_contacts_are_no_bullets() -> None:
    contacts = (
        "BT/F1 10 Tf 60 700 Td(mirela@example.com)Tj 110 0 Td(+44 20 7946 0123)Tj 100 0 Td(Leeds)Tj ET "
    )
    text = text_of(HEAD + contacts + circle(160, 703) + circle(262, 703))
    assert "•" not in text


def test_marks_beside_bold_rows_are_no_bullets() -> None:
    bold = rows().replace("/F1", "/B")
    data = raw_pdf(
        HEAD + "".join(square(66, 713.2 - 16 * at) for at in range(3)) + bold,
        fonts="/B<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
    )
    assert "•" not in parse_file(data, Limits())["text"]


def test_small_pictures_do_not_count_as_pictures() -> None:
    content = HEAD + rows() + "".join(picture(66, 713.2 - 16 * at) for at in range(3))
    signals = parse_file(raw_pdf(content, extra=[IMAGE], resources="/XObject<</I 4 0 R>>"), Limits())[
        "signals"
    ]
    assert signals["images"] == 0
