"""Running headers, footers and page numbers, and columns over several pages."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from documents.limits import Limits
from documents.parser import parse_file
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

# Left edge, distance from the bottom of the page, size, and text.
Placed = tuple[float, float, float, str]


def pages_pdf(pages: Sequence[Sequence[Placed]]) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        for left, bottom, size, text in page:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines_of(data: bytes) -> list[str]:
    text: str = parse_file(data, Limits())["text"]
    return [line for line in text.splitlines() if line.strip()]


def body(page: int, count: int = 30) -> list[Placed]:
    verbs = ("Led", "Built", "Cut", "Planned", "Moved")
    return [
        (60, 700 - 18 * at, 10, f"• {verbs[at % 5]} {page * 100 + at} things of item {chr(65 + at % 26)}")
        for at in range(count)
    ]


def texts(*pages: Sequence[Placed]) -> list[str]:
    return [text for page in pages for *_, text in page]


HEADER = "Nadia Fenwick · nadia.fenwick@example.com"


@pytest.mark.parametrize(
    "number",
    ["Page {n} of 3", "page {n}", "{n}/3", "{n}", "- {n} -", "{n} of 3", "Seite {n} von 3"],
)
@pytest.mark.parametrize("bottom", [25, 60, 800])
def test_page_numbers_are_not_part_of_the_text(number: str, bottom: float) -> None:
    pages = [body(n) for n in range(3)]
    data = pages_pdf([[*page, (280, bottom, 9, number.format(n=n + 1))] for n, page in enumerate(pages)])
    assert lines_of(data) == texts(*pages)


def test_header_of_every_page_is_kept_once() -> None:
    pages = [body(n) for n in range(3)]
    data = pages_pdf(
        [[(60, 800, 9, HEADER), (450, 800, 9, f"Page {n + 1} of 3"), *page] for n, page in enumerate(pages)]
    )
    assert lines_of(data) == [HEADER, *texts(*pages)]


def test_header_with_the_page_number_in_its_text_is_kept_once() -> None:
    pages = [body(n) for n in range(2)]
    data = pages_pdf([[(60, 800, 9, f"{HEADER} Page {n + 1} of 2"), *page] for n, page in enumerate(pages)])
    assert lines_of(data) == [HEADER, *texts(*pages)]


def test_contact_in_a_footer_is_read_once_below_the_name() -> None:
    pages = [[(60, 760, 20, "Nadia Fenwick"), *body(0)], body(1)]
    data = pages_pdf([[*page, (60, 30, 9, "nadia.fenwick@example.com")] for page in pages])
    assert lines_of(data) == ["Nadia Fenwick", "nadia.fenwick@example.com", *texts(*pages)[1:]]


def test_other_footer_is_read_once_at_the_end() -> None:
    pages = [[(60, 760, 20, "Nadia Fenwick"), *body(0)], body(1)]
    data = pages_pdf([[*page, (60, 30, 9, "Updated in May, confidential")] for page in pages])
    assert lines_of(data) == [*texts(*pages), "Updated in May, confidential"]


def test_name_above_later_pages_is_not_repeated() -> None:
    first = [(60, 780, 20, "Nadia Fenwick"), (60, 755, 10, "nadia.fenwick@example.com"), *body(0)]
    second = [(60, 800, 9, "Nadia Fenwick, nadia.fenwick@example.com, page 2"), *body(1)]
    assert lines_of(pages_pdf([first, second])) == texts(first, body(1))


def test_text_in_the_margins_is_kept() -> None:
    first = [(60, 800, 10, "Nadia Fenwick"), (60, 785, 10, "2019 – 2021"), *body(0), (60, 40, 10, "Skill 12")]
    second = [
        (60, 800, 10, "Harrow and Pike"),
        (60, 785, 10, "2017 – 2019"),
        *body(1),
        (60, 40, 10, "12/2014"),
    ]
    assert sorted(lines_of(pages_pdf([first, second]))) == sorted(texts(first, second))


def test_page_number_lines_of_a_text_file_are_dropped() -> None:
    data = b"Nadia Fenwick\nExperience\nPage 1 of 2\n\x0cAnalyst, page 2 of the report\nPage 2 of 2\n"
    assert lines_of(data) == ["Nadia Fenwick", "Experience", "Analyst, page 2 of the report"]


SIDEBAR = ["Contact", "nadia@example.com", "Top Skills", "SQL", "Python", "Languages", "English", "Japanese"]


def linkedin_pages() -> tuple[list[Placed], list[Placed]]:
    """Return two pages of an export: a sidebar, and work with a line that states its duration."""
    first: list[Placed] = [(22, 770 - 16 * at, 11, text) for at, text in enumerate(SIDEBAR)]
    first += [
        (223, 765, 26, "Nadia Fenwick"),
        (223, 745, 12, "Operations manager in logistics"),
        (223, 730, 12, "Leeds, England"),
        (223, 695, 16, "Summary"),
        (223, 675, 12, "Operations manager with 12 years in logistics."),
        (223, 640, 16, "Experience"),
        (223, 618, 12, "Harrow and Pike Logistics"),
        (223, 603, 10.5, "5 years 9 months"),
        (223, 585, 11.5, "Senior Operations Manager"),
        (223, 570, 10.5, "March 2021 - Present (5 years 9 months)"),
        (223, 555, 10.5, "Leeds, England"),
        (223, 540, 10.5, "Led a team of 9 analysts."),
        (280, 25, 9, "Page 1 of 2"),
    ]
    second: list[Placed] = [
        (223, 780, 11.5, "Operations Analyst"),
        (223, 765, 10.5, "June 2017 - February 2021 (3 years 9 months)"),
        (223, 730, 16, "Education"),
        (223, 710, 12, "University of Northmoor"),
        (223, 695, 10.5, "BSc, Economics · (2011 - 2014)"),
        (280, 25, 9, "Page 2 of 2"),
    ]
    return first, second


def test_export_with_a_sidebar_begins_with_the_name() -> None:
    first, second = linkedin_pages()
    main = texts(first)[len(SIDEBAR) : -1]
    assert lines_of(pages_pdf([first, second])) == [
        *main[:3],
        *SIDEBAR,
        *main[3:],
        *texts(second)[:-1],
    ]


def test_text_that_continues_on_the_next_page_follows_its_column() -> None:
    main = [(60, 700 - 18 * at, 10, f"• Built item {at} for a customer in the north") for at in range(20)]
    side = [(400, 700 - 18 * at, 10, text) for at, text in enumerate(SIDEBAR)]
    first = [(60, 760, 20, "Nadia Fenwick"), (60, 720, 12, "Experience"), *main, *side]
    assert lines_of(pages_pdf([first, body(1)])) == [
        "Nadia Fenwick",
        *SIDEBAR,
        "Experience",
        *texts(main, body(1)),
    ]


def test_section_on_the_next_page_follows_the_sidebar() -> None:
    main = [(60, 700 - 18 * at, 10, f"• Built item {at} for a customer in the north") for at in range(20)]
    side = [(400, 700 - 18 * at, 10, text) for at, text in enumerate(SIDEBAR)]
    second = [(60, 760, 12, "Education"), (60, 740, 10, "BSc Economics, University of Northmoor")]
    assert lines_of(pages_pdf([[*main, *side], second])) == texts(main, side, second)
