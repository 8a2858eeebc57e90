"""Dates and headings in a narrow column beside their text."""

import pytest

from tests.support.documents.placed_words import read, words_of

Rows = list[tuple[float, float, str]]

WORK = [
    ("Mar 2021 –", "Present", "Senior Operations Manager", "Harrow & Pike Logistics"),
    ("Jun 2017 – Feb", "2021", "Operations Analyst", "Bellweather Retail Group"),
    ("Sep 2014 to", "May 2017", "Junior Analyst", "Tarn Valley Foods"),
]
BULLET = "• Led a team of nine analysts and cut the order lead time by 31%"
READ_WORK = [
    line for first, second, title, company in WORK for line in (f"{first} {second}\t{title}", company, BULLET)
]
TITLES = [title for _, _, title, _ in WORK]


def work_rows(*, date: float, text: float, leading: float = 12.0, shift: float = 0.0) -> list[Rows]:
    """Return the rows of each record: the cell of the date, and that of the work."""
    records = []
    for at, (first, second, title, company) in enumerate(WORK):
        top = 120.0 + 70 * at
        cell = [(date, top + shift, first), (date, top + shift + leading, second)]
        work = [(text, top, title), (text, top + 14, company), (text + 10, top + 30, BULLET)]
        records.append([*cell, *work])
    return records


@pytest.mark.parametrize("leading", [11.0, 12.0, 14.0, 16.0])
@pytest.mark.parametrize("shift", [0.0, 1.5])
def test_wrapped_dates_left_of_the_text_are_read_together(leading: float, shift: float) -> None:
    records = work_rows(date=50, text=160, leading=leading, shift=shift)
    heading = [(50.0, 100.0, "Experience")]
    rows = heading + [row for record in records for row in record]
    assert read(words_of(rows, bold=TITLES)) == ["Experience", *READ_WORK]


def test_wrapped_dates_drawn_before_all_text_are_read_with_their_text() -> None:
    records = work_rows(date=50, text=160)
    rows = [row for record in records for row in record[:2]] + [
        row for record in records for row in record[2:]
    ]
    assert read(words_of(rows, bold=TITLES)) == READ_WORK


def test_dates_drawn_before_all_text_are_read_with_their_text() -> None:
    dates = [(50.0, 120.0 + 40 * at, f"20{10 + at} – 20{11 + at}") for at in range(4)]
    texts = [
        (160.0, 120.0 + 40 * at + 14 * row, text)
        for at in range(4)
        for row, text in enumerate((f"Analyst at company {at}", "• Cut the order lead time by a third"))
    ]
    lines = read(words_of([*dates, *texts]))
    assert lines[:2] == ["2010 – 2011\tAnalyst at company 0", "• Cut the order lead time by a third"]
    assert lines[-2].startswith("2013 – 2014\tAnalyst")


def test_wrapped_dates_right_of_the_text_are_read_together() -> None:
    records = work_rows(date=460, text=50)
    rows = [row for record in records for row in (*record[2:4], *record[:2], record[4])]
    expected = [
        line
        for first, second, title, company in WORK
        for line in (f"{title}\t{first} {second}", company, BULLET)
    ]
    assert read(words_of(rows, bold=TITLES)) == expected


def test_cells_of_three_columns_without_rulings_are_read_whole() -> None:
    cells = [
        (("2019/04 –", "2021/03"), ("Renewal of an inventory", "system for 120 stores"), ("Project", "lead")),
        (("2017/04 –", "2019/03"), ("Forecast of the demand", "in a chain of shops"), ("Analyst",)),
        (("2015/04 –", "2017/03"), ("Audit of suppliers",), ("Junior", "analyst")),
    ]
    rows: Rows = []
    for at, record in enumerate(cells):
        for left, texts in zip((50.0, 150.0, 330.0), record, strict=True):
            rows += [(left, 120.0 + 40 * at + 12 * row, text) for row, text in enumerate(texts)]
    lines = read(words_of(rows))
    assert lines == [
        "2019/04 – 2021/03\tRenewal of an inventory system for 120 stores\tProject lead",
        "2017/04 – 2019/03\tForecast of the demand in a chain of shops\tAnalyst",
        "2015/04 – 2017/03\tAudit of suppliers\tJunior analyst",
    ]


SECTIONS = [
    ("Summary", ["Operations analyst with 12 years in logistics and retail who leads", "teams of nine."]),
    ("Experience", ["Senior Operations Manager", BULLET, "Operations Analyst", BULLET]),
    ("Education", ["BSc Economics, University of Northmoor"]),
    ("Skills", ["SQL, Python, Power BI, Excel"]),
]


@pytest.mark.parametrize("shift", [0.0, 1.5, -1.0])
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("by_section", [False, True])
def test_headings_in_a_rail_stand_before_their_text(shift: float, *, upper: bool, by_section: bool) -> None:
    labels: list[Rows] = []
    texts: list[Rows] = []
    top = 120.0
    for heading, section in SECTIONS:
        labels.append([(50.0, top + shift, heading.upper() if upper else heading)])
        texts.append([(160.0, top + 13 * at, text) for at, text in enumerate(section)])
        top += 13 * len(section) + 14
    rows = (
        [row for label, text in zip(labels, texts, strict=True) for row in (*label, *text)]
        if by_section
        else [row for part in (*labels, *texts) for row in part]
    )
    lines = read(words_of(rows, bold=TITLES))
    at = [lines.index(label[0][2]) for label in labels]
    assert lines[at[0] + 1].startswith("Operations analyst")
    assert lines[at[1] + 1 : at[2]] == SECTIONS[1][1]
    assert lines[at[2] + 1 : at[3]] == SECTIONS[2][1]


def rail_page(*, shift: float, gap: float) -> list[str]:
    """Return the lines of a page whose headings stand lower than their text by `shift`, below a name."""
    labels: list[Rows] = []
    texts: list[Rows] = [[(230.0, 60.0, "Nadia Fenwick"), (160.0, 76.0, "nadia@example.com, Leeds")]]
    top = 120.0
    for heading, section in SECTIONS:
        labels.append([(50.0, top + shift, heading)])
        texts.append([(160.0, top + 14 * at, text) for at, text in enumerate(section)])
        top += 14 * len(section) + gap
    rows = [row for part in (*texts, *labels) for row in part]
    return read(words_of(rows, bold=[*TITLES, *(heading for heading, _ in SECTIONS)]))


FAR_OFF = [(12.0, 9.0), (15.0, 14.0), (18.0, 14.0), (18.0, 9.0), (18.0, 20.0), (20.0, 11.0)]


@pytest.mark.parametrize(("shift", "gap"), FAR_OFF)
def test_headings_far_below_the_first_row_stand_before_their_text(shift: float, gap: float) -> None:
    lines = rail_page(shift=shift, gap=gap)
    at = [lines.index(heading) for heading, _ in SECTIONS]
    assert [lines[start + 1].split()[0] for start in at] == ["Operations", "Senior", "BSc", "SQL,"]
    assert lines[at[1] + 1 : at[2]] == SECTIONS[1][1]


@pytest.mark.parametrize("shift", [4.0, 6.0, 9.0, 11.0])
def test_headings_drawn_right_before_their_text_stand_before_it(shift: float) -> None:
    """All rows of the text are equally far apart, so only the order of drawing tells the sections apart."""
    rows: Rows = [(230.0, 60.0, "Nadia Fenwick")]
    top = 120.0
    for heading, section in SECTIONS:
        rows.append((50.0, top + shift, heading))
        rows += [(160.0, top + 14 * at, text) for at, text in enumerate(section)]
        top += 14 * len(section)
    lines = read(words_of(rows, bold=[*TITLES, *(heading for heading, _ in SECTIONS)]))
    at = [lines.index(heading) for heading, _ in SECTIONS]
    assert [lines[start + 1].split()[0] for start in at] == ["Operations", "Senior", "BSc", "SQL,"]
    assert lines[at[1] + 1 : at[2]] == SECTIONS[1][1]


@pytest.mark.parametrize(
    ("first", "second"), [("Additional", "Information"), ("Professional", "Development")]
)
def test_heading_of_two_rows_directly_below_a_heading_is_one_of_its_own(first: str, second: str) -> None:
    rows: Rows = [(230.0, 60.0, "Nadia Fenwick")]
    for at, (heading, text) in enumerate(
        [("Experience", "Analyst, Tarn Foods, 2019 – 2022"), ("Skills", "SQL")]
    ):
        rows += [(50.0, 120.0 + 14 * at, heading), (160.0, 120.0 + 14 * at, text)]
    rows += [(50.0, 148.0, first), (160.0, 148.0, "Runs marathons"), (50.0, 162.0, second)]
    lines = read(words_of(rows, bold=["Experience", "Skills", first, second]))
    assert lines[-4:] == ["Skills", "SQL", f"{first} {second}", "Runs marathons"]


def test_headings_beside_their_first_row_are_not_far_below_the_text_above() -> None:
    lines = rail_page(shift=0.0, gap=9.0)
    at = [lines.index(heading) for heading, _ in SECTIONS]
    assert [lines[start + 1].split()[0] for start in at] == ["Operations", "Senior", "BSc", "SQL,"]


@pytest.mark.parametrize("shift", [-9.0, -6.0, 5.0, 8.0])
@pytest.mark.parametrize("gap", [0.0, 14.0])
def test_headings_off_the_first_row_stand_before_their_text(shift: float, gap: float) -> None:
    """Headings with white space above them are drawn lower than their text, or higher."""
    titles = [heading for heading, _ in SECTIONS]
    labels: list[Rows] = []
    texts: list[Rows] = []
    top = 120.0
    for heading, section in SECTIONS:
        labels.append([(50.0, top + shift, heading)])
        texts.append([(160.0, top + 14 * at, text) for at, text in enumerate(section)])
        # Without a gap of its own, each section starts a paragraph of 4 points.
        top += 14 * len(section) + max(gap, 4.0)
    rows = [row for label, text in zip(labels, texts, strict=True) for row in (*label, *text)]
    lines = read(words_of(rows, bold=[*TITLES, *titles]))
    at = [lines.index(title) for title in titles]
    assert [lines[start + 1].split()[0] for start in at] == ["Operations", "Senior", "BSc", "SQL,"]
    assert lines[at[1] + 1 : at[2]] == SECTIONS[1][1]


@pytest.mark.parametrize("shift", [-4.0, 3.0, 4.0])
def test_dates_off_the_first_row_are_read_with_their_text(shift: float) -> None:
    rows: Rows = [(50.0, 100.0, "Experience")]
    for at in range(3):
        top = 130.0 + 54 * at
        rows.append((50.0, top + shift, f"20{10 + at}/03 – 20{11 + at}/02"))
        rows += [(160.0, top, f"Analyst at company {at}"), (160.0, top + 17, BULLET)]
        rows.append((160.0, top + 30, "• Wrote the monthly report on the stock of every store"))
    # Entries of one row, with no more white space between them than between bullets.
    rows += [(50.0, 300.0 + 14 * at + shift, f"200{at} – 200{at + 1}") for at in range(3)]
    rows += [(160.0, 300.0 + 14 * at, f"Course at school {at}") for at in range(3)]
    lines = read(words_of(rows, bold=["Experience"]))
    assert lines[0] == "Experience"
    assert [line for line in lines if "company" in line] == [
        f"20{10 + at}/03 – 20{11 + at}/02\tAnalyst at company {at}" for at in range(3)
    ]
    assert lines[-3:] == [f"200{at} – 200{at + 1}\tCourse at school {at}" for at in range(3)]


@pytest.mark.parametrize(
    ("first", "second", "heading"),
    [
        ("Professional Sum-", "mary", "Professional Summary"),
        ("Professional", "Summary", "Professional Summary"),
        ("Executive Sum-", "mary", "Executive Summary"),
    ],
)
def test_heading_over_two_rows_of_a_rail_is_one(first: str, second: str, heading: str) -> None:
    rows: Rows = [
        (50.0, 120.0, first),
        (50.0, 132.0, second),
        (160.0, 120.0, SECTIONS[0][1][0]),
        (160.0, 134.0, SECTIONS[0][1][1]),
        (50.0, 170.0, "Education"),
        (160.0, 170.0, SECTIONS[2][1][0]),
        (50.0, 190.0, "Certifications"),
        (160.0, 190.0, "Lean Six Sigma Green Belt, PRINCE2"),
        (50.0, 204.0, "Skills"),
        (160.0, 204.0, SECTIONS[3][1][0]),
    ]
    lines = read(words_of(rows, bold=[first, second, "Education", "Certifications", "Skills"]))
    assert lines[0] == heading
    assert lines[-4:] == ["Certifications", "Lean Six Sigma Green Belt, PRINCE2", "Skills", SECTIONS[3][1][0]]


def test_heading_close_to_its_text_is_cut_from_it() -> None:
    rows: Rows = [
        (50.0, 120.0, "Summary"),
        (133.0, 120.0, "Operations analyst with twelve years in logistics"),
        (50.0, 150.0, "Education"),
        (133.0, 150.0, "BSc Economics, University of Northmoor"),
        (50.0, 180.0, "Certifications."),
        (133.0, 180.0, "Lean Six Sigma Green Belt, PRINCE2"),
    ]
    rows = [(left, base, text.replace(".", "xx")) for left, base, text in rows]
    lines = read(words_of(rows, bold=["Summary", "Education", "Certificationsxx"]))
    assert lines[-2:] == ["Certificationsxx", "Lean Six Sigma Green Belt, PRINCE2"]


def test_skill_labels_are_no_headings() -> None:
    labels = ["Languages", "Databases", "Skills", "Tools"]
    values = ["Python, Go", "PostgreSQL", "Facilitation", "Terraform"]
    rows: Rows = []
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        rows += [(50.0, 120.0 + 14 * at, label), (160.0, 120.0 + 14 * at, value)]
    assert read(words_of(rows)) == [f"{label}\t{value}" for label, value in zip(labels, values, strict=True)]


SIDEBAR = [
    "Contact",
    "+44 20 7946 0123",
    "Skills",
    "SQL",
    "Python",
    "Education",
    "BSc Economics",
    "2011 – 2014",
]
MAIN = [
    "Experience",
    "Senior Operations Manager",
    "Led a team of nine analysts",
    "Operations Analyst",
    "Built a demand forecast in SQL",
    "Projects",
    "Moved an office of 80 people",
    "Wrote a handbook for all of the stores of the group",
]


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("shift", [0.0, 1.0, 5.0])
def test_sidebar_with_sections_is_read_before_the_main_column(shift: float, *, by_row: bool) -> None:
    first = [(50.0, 100.0 + 14 * at, text) for at, text in enumerate(SIDEBAR)]
    second = [(200.0, 100.0 + shift + 14 * at, text) for at, text in enumerate(MAIN)]
    rows = [row for pair in zip(first, second, strict=True) for row in pair] if by_row else [*first, *second]
    assert read(words_of(rows, bold=TITLES)) == SIDEBAR + MAIN


def test_long_address_of_a_sidebar_does_not_swallow_a_heading() -> None:
    sidebar = ["Contact", "linkedin.com/in/nadia-fenwi", *SIDEBAR[2:]]
    first = [(50.0, 100.0 + 14 * at, text) for at, text in enumerate(sidebar)]
    second = [(189.0, 86.0 + 14 * at, text) for at, text in enumerate(["Profile", *MAIN])]
    lines = read(words_of([*first, *second], bold=["Experience", *TITLES]))
    assert lines == [*sidebar, "Profile", *MAIN]


def test_sidebar_of_headings_and_short_texts_is_no_rail() -> None:
    sidebar = ["Education", "BSc Economics", "Skills", "SQL, Python", "Certifications", "PRINCE2"]
    first = [(50.0, 100.0 + 28 * at, text) for at, text in enumerate(sidebar)]
    second = [(200.0, 100.0 + 14 * at, f"Led project {at} of the group") for at in range(12)]
    lines = read(words_of([*first, *second]))
    assert lines[: len(sidebar)] == sidebar
