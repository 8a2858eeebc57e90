"""Tables read alike from PDF and DOCX."""

from io import BytesIO

import pytest
from documents.limits import Limits
from documents.parser import parse_file
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.support.documents.tables import JAPANESE, Rows, table_docx, table_pdf


def lines_of(data: bytes) -> list[str]:
    text: str = parse_file(data, Limits())["text"]
    return [line for line in text.splitlines() if line.strip()]


def squeezed(lines: list[str]) -> list[str]:
    """Remove the spaces that a renderer sets between Japanese and Latin letters."""
    return [line.replace(" ", "").replace("\u3000", "") for line in lines]


BEFORE = ("Nadia Fenwick", "nadia.fenwick@example.com · +44 20 7946 0123", "Experience")
AFTER = ("Skills", "SQL, Python, Power BI, Excel")
MANAGER = (
    "Senior Operations Manager",
    "Harrow &amp; Pike Logistics".replace("&amp;", "and"),
    "• Led a team of 9 analysts and cut order lead time by 31% across 14 offices in the region.",
    "• Negotiated carrier contracts with 6 suppliers, saving £1.2 million a year in freight costs.",
)
ANALYST = (
    "Operations Analyst",
    "Bellweather Retail Group",
    "• Built a demand forecast in SQL that raised availability to 97% in 120 stores of the group.",
)
WORK: Rows = [[("Mar 2021 – Present",), MANAGER], [("Jun 2017 – Feb 2021",), ANALYST]]
EXPECTED = [
    *BEFORE,
    f"Mar 2021 – Present\t{MANAGER[0]}",
    *MANAGER[1:],
    f"Jun 2017 – Feb 2021\t{ANALYST[0]}",
    *ANALYST[1:],
    *AFTER,
]


@pytest.mark.parametrize("borders", [False, True])
@pytest.mark.parametrize("width", [64, 75, 120])
@pytest.mark.parametrize("size", [9.0, 11.0])
def test_dates_in_the_left_cells(width: float, size: float, *, borders: bool) -> None:
    data = table_pdf(WORK, (width, 400), before=BEFORE, after=AFTER, borders=borders, size=size)
    assert lines_of(data) == EXPECTED


@pytest.mark.parametrize(
    ("date", "entry"),
    [
        ("September 2017 to February 2021", "BSc Economics, University of Northmoor"),
        ("Sep 2017 – Feb 2021", "Higher Diploma in Accounting, Tarn Valley College"),
    ],
)
def test_wrapped_date_in_a_table_of_one_row(date: str, entry: str) -> None:
    data = table_pdf([[(date,), (entry,)]], (70, 400), before=("Education",), after=AFTER)
    assert lines_of(data) == ["Education", f"{date}\t{entry}", *AFTER]


@pytest.mark.parametrize("borders", [False, True])
@pytest.mark.parametrize("width", [64, 120])
def test_dates_in_the_right_cells(width: float, *, borders: bool) -> None:
    rows = [[work, date] for date, work in WORK]
    expected = ["\t".join(reversed(line.split("\t"))) if "\t" in line else line for line in EXPECTED]
    data = table_pdf(rows, (360, width), before=BEFORE, after=AFTER, borders=borders)
    assert lines_of(data) == expected
    assert lines_of(table_docx(rows, before=BEFORE, after=AFTER)) == expected


def test_docx_reads_like_the_pdf() -> None:
    assert lines_of(table_docx(WORK, before=BEFORE, after=AFTER)) == EXPECTED


PROJECTS: Rows = [
    [("Period",), ("Project",), ("Role",)],
    [
        ("2019/04 – 2021/03",),
        ("Inventory system renewal for a retail company with 120 stores",),
        ("Lead of 5",),
    ],
    [("2017/04 – 2019/03",), ("Demand forecast for a chain of shops in the north of England",), ("Analyst",)],
    [("2015/04 – 2017/03",), ("Audit",), ("Junior analyst in a team of consultants",)],
]


@pytest.mark.parametrize("borders", [False, True])
@pytest.mark.parametrize("widths", [(65, 180, 90), (100, 140, 110), (110, 240, 120)])
def test_three_columns_with_wrapped_cells(widths: tuple[float, ...], *, borders: bool) -> None:
    expected = ["\t".join(cell[0] for cell in row) for row in PROJECTS]
    data = table_pdf(PROJECTS, widths, before=BEFORE, after=AFTER, borders=borders)
    assert lines_of(data)[3:-2] == expected
    assert lines_of(table_docx(PROJECTS, before=BEFORE, after=AFTER))[3:-2] == expected


SHOKUMU: Rows = [
    [("2021年3月～現在",), ("株式会社架空物流", "業務改革部 マネージャー")],
    [
        ("業務内容",),
        (
            "・在庫管理システムの刷新を主導し、全国14拠点の発注リードタイムを31％短縮した。",
            "・6社の運送会社と契約を交渉し、年間1億2,000万円の費用を削減した。",
        ),
    ],
    [("2017年4月～2021年2月",), ("架空リテール株式会社", "業務企画部")],
    [("業務内容",), ("・SQLとPythonで需要予測モデルを構築し、120店舗の欠品率を3％に低減した。",)],
]
BEFORE_JAPANESE = ("職務経歴書", "架空 花子 hanako.kaku@example.com", "【職務経歴】")
AFTER_JAPANESE = ("【保有資格】", "普通自動車第一種運転免許")


@pytest.mark.parametrize("borders", [False, True])
@pytest.mark.parametrize("widths", [(70, 240), (130, 330), (215, 215)])
def test_japanese_career_table(widths: tuple[float, float], *, borders: bool) -> None:
    data = table_pdf(
        SHOKUMU, widths, before=BEFORE_JAPANESE, after=AFTER_JAPANESE, font=JAPANESE, borders=borders
    )
    document = table_docx(SHOKUMU, before=BEFORE_JAPANESE, after=AFTER_JAPANESE)
    assert squeezed(lines_of(data)) == squeezed(lines_of(document))


def test_cell_over_several_rows_is_read_once_before_them() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 780, "Nadia Fenwick")
    for x in (60, 160, 500):
        canvas.line(x, 700, x, 760)
    canvas.line(60, 760, 500, 760)
    canvas.line(160, 730, 500, 730)
    canvas.line(60, 700, 500, 700)
    canvas.line(60, 670, 500, 670)
    for x in (60, 160, 500):
        canvas.line(x, 670, x, 700)
    for x, y, text in (
        (170, 740, "Harrow and Pike"),
        (65, 726, "2019 – 2021"),
        (170, 710, "Inventory and stores"),
        (65, 680, "2017 – 2019"),
        (170, 680, "Bellweather Retail"),
    ):
        canvas.drawString(x, y, text)
    canvas.save()
    assert lines_of(out.getvalue())[1:] == [
        "2019 – 2021",
        "Harrow and Pike",
        "Inventory and stores",
        "2017 – 2019\tBellweather Retail",
    ]


def test_frame_around_rows_is_no_record() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    canvas.rect(60, 600, 440, 160)
    canvas.line(180, 600, 180, 760)
    rows = [("2019 – 2021", "Harrow and Pike"), ("2017 – 2019", "Bellweather Retail"), ("2014", "Tarn Foods")]
    for at, (date, name) in enumerate(rows):
        canvas.drawString(65, 740 - 14 * at, date)
        canvas.drawString(190, 740 - 14 * at, name)
    canvas.save()
    assert lines_of(out.getvalue()) == ["\t".join(row) for row in rows]
