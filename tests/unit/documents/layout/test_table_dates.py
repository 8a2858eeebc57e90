"""Dates in cells, whole or wrapped over several rows."""

import pytest
from documents.layout.lines import Line
from documents.layout.tables.cells import join_cells
from documents.layout.tables.dates import continues_date, count_dates, is_date, join_date


@pytest.mark.parametrize(
    "text",
    [
        "Mar 2021 – Present",
        "03/2021 - 05/2023",
        "2019",
        "2014-09 to 2017-05",
        "June 2017 — February 2021",
        "2021年3月～現在",
        "平成29年4月〜令和3年2月",
        "2017 –21",
        "FY19-FY21",
        "FY2019/20 – FY2021/22",
        "Sept. 2014 until today",
        "Mai 2019 – heute",
        "Summer 2018",
        "Jan 2020 - Present (5 years 3 months)",
        "自 2017年4月 至 2021年3月",
        "2017 年 4 月から 2021 年 3 月まで",
        "２０１７年４月～２０２１年３月",
    ],
)
def test_dates_are_recognised(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "Harrow & Pike Logistics",
        "BSc 2014",
        "Led 14 teams in 2021",
        "Present",
        "Kubernetes",
        "2,000万円の費用を削減",
        "+44 20 7946 0123",
        "May",
        "12",
        "Python 3.11",
        "FYI 20",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mar 2021 –", "Present"),
        ("Jun 2017 – Feb", "2021"),
        ("Mar 2021", "– Present"),
        ("2014-09 to", "2017-05"),
        ("2021年3月～", "現在"),
        ("2017年4月", "～2021年2月"),
        ("2017年", "4月"),
        ("September", "2014"),
        ("February, 2025 - November,", "2026"),
        ("03/2021 -", "05/2023"),
        ("Jan 2020 - Present", "(5 years)"),
        ("May 03, 2017 – March 31,", "2021"),
        ("自 2017年4月 至", "2021年3月"),
        ("2017年4月から現在", "まで"),
        ("２０１７年４月～２０", "２１年３月"),
    ],
)
def test_parts_of_a_date_belong_together(first: str, second: str) -> None:
    assert continues_date(first, second)
    assert count_dates([first, second, "2015"]) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2019 – 2021", "2017 – 2019"),
        ("Mar 2021 – Present", "Leeds, UK"),
        ("2021年3月", "2017年4月"),
        ("Work –", "2019"),
        ("2018", "2016"),
        ("Mar 2021 – Co-", "founder"),
    ],
)
def test_dates_of_two_records_stay_apart(first: str, second: str) -> None:
    assert not continues_date(first, second)


def test_a_date_cut_within_a_word_or_a_year_is_joined() -> None:
    assert continues_date("March 2021 – Pre-", "sent")
    assert join_date("March 2021 – Pre-", "sent") == "March 2021 – Present"
    assert join_date("2017年4月～20", "21年3月") == "2017年4月～2021年3月"


def lines(*texts: str) -> list[Line]:
    return [Line(text=text) for text in texts]


def test_date_stands_on_the_first_line_of_its_text() -> None:
    work = lines("Senior Analyst", "Harrow & Pike", "• Cut the lead time by 31%")
    expected = ["Mar 2021 – Present\tSenior Analyst", "Harrow & Pike", "• Cut the lead time by 31%"]
    joined = join_cells([lines("Mar 2021 –", "Present"), work])
    assert [line.text for line in joined] == expected
    joined = join_cells([work, lines("Mar 2021 –", "Present")])
    assert [line.text for line in joined] == ["Senior Analyst\tMar 2021 – Present", *expected[1:]]


def test_place_below_a_date_stays_with_the_record() -> None:
    work = lines("Senior Analyst", "• Cut the lead time by 31%")
    joined = join_cells([work, lines("Mar 2021 – Present", "Leeds")])
    assert [line.text for line in joined] == [
        "Senior Analyst\tMar 2021 – Present",
        "Leeds",
        "• Cut the lead time by 31%",
    ]


def test_cells_of_one_line_are_one_row() -> None:
    joined = join_cells([lines("2019/04 –", "2021/03"), lines("Inventory system"), lines(""), lines("Lead")])
    assert [line.text for line in joined] == ["2019/04 – 2021/03\tInventory system\tLead"]


def test_columns_of_dates_are_no_date_of_a_record() -> None:
    dates = lines("2011", "2014", "2016")
    names = lines("BSc", "MSc", "PhD")
    assert [line.text for line in join_cells([dates, names])] == ["2011", "2014", "2016", "BSc", "MSc", "PhD"]


def test_list_item_beside_a_label_is_a_line_of_its_own() -> None:
    assert [line.text for line in join_cells([lines("業務内容"), lines("・費用を18％削減した。")])] == [
        "業務内容",
        "・費用を18％削減した。",
    ]
    assert [line.text for line in join_cells([lines("Python"), lines("●●●○○")])] == ["Python\t●●●○○"]
