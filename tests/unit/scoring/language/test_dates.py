"""Date ranges in the styles that people use; each row of the table is a way to write one."""

from typing import Final

import pytest
from scoring.language.date_styles import find_dates
from scoring.language.dates import find_date_ranges, months_covered
from scoring.language.text import fold

TODAY: Final = (2026, 11)
NOW: Final = TODAY
Month = tuple[int, int]
RANGES: Final[dict[str, tuple[Month, Month]]] = {
    "Mar 2021 -- Present": ((2021, 3), NOW),
    "March 2021 to date": ((2021, 3), NOW),
    "March 2021 till date": ((2021, 3), NOW),
    "Mar 2021 – till now": ((2021, 3), NOW),
    "Jan – Dec 2022": ((2022, 1), (2022, 12)),
    "January to December 2022": ((2022, 1), (2022, 12)),
    "2022 Jan - Dec": ((2022, 1), (2022, 12)),
    "Jun-17 – Mar-20": ((2017, 6), (2020, 3)),
    "Jun '17 - Mar '20": ((2017, 6), (2020, 3)),
    "Jun 17 - Present": ((2017, 6), NOW),
    "2021 Mar - 2023 Apr": ((2021, 3), (2023, 4)),
    "2017–21": ((2017, 1), (2021, 1)),
    "'19 – '22": ((2019, 1), (2022, 1)),
    "'22 - present": ((2022, 1), NOW),
    "Q1 2021 – Q3 2022": ((2021, 1), (2022, 9)),
    "2021 Q1 - 2021 Q4": ((2021, 1), (2021, 12)),
    "Q2 - Q4 2020": ((2020, 4), (2020, 12)),
    "FY2019 – FY2021": ((2019, 1), (2021, 1)),
    "FY19 - FY21": ((2019, 1), (2021, 1)),
    "FY19-FY21": ((2019, 1), (2021, 1)),
    "FY19–21": ((2019, 1), (2021, 1)),
    "FY 2019-2021": ((2019, 1), (2021, 1)),
    "FY2019/20 – FY2021/22": ((2019, 4), (2022, 3)),
    "FY19/20 to FY21/22": ((2019, 4), (2022, 3)),
    "FY2019-20 – FY2020-21": ((2019, 4), (2021, 3)),
    "(F.Y. 2019-20 - F.Y. 2021-22)": ((2019, 4), (2022, 3)),
    "Fiscal year 2019/2020 – fiscal year 2021/2022": ((2019, 4), (2022, 3)),
    "FY2011/12 – present": ((2011, 4), NOW),
    "Q1 FY19 – Q3 FY21": ((2019, 1), (2021, 9)),
    "FY2019 Q1 – FY2021 Q3": ((2019, 1), (2021, 9)),
    "Spring 2019 – Fall 2020": ((2019, 3), (2020, 11)),
    "1 March 2021 – 30 April 2022": ((2021, 3), (2022, 4)),
    "01/03/2021 - 30/04/2022": ((2021, 3), (2022, 4)),
    "15.03.2021 – 30.04.2022": ((2021, 3), (2022, 4)),
    "March 1, 2021 - April 30, 2022": ((2021, 3), (2022, 4)),
    "2021-03-01 – 2022-04-30": ((2021, 3), (2022, 4)),
    "03/2021 → 04/2022": ((2021, 3), (2022, 4)),
    "03/21 - 04/22": ((2021, 3), (2022, 4)),
    "03/21 - present": ((2021, 3), NOW),
    "2019 > 2021": ((2019, 1), (2021, 1)),
    "Mar 2021 -> Apr 2022": ((2021, 3), (2022, 4)),
    "2021.03 ~ 2022.04": ((2021, 3), (2022, 4)),
    "R3.3～現在": ((2021, 3), NOW),
    "H29.6～R3.2": ((2017, 6), (2021, 2)),
    "平成29年4月～令和3年3月": ((2017, 4), (2021, 3)),
    "2021年03月～\u3000株式会社架空物流": ((2021, 3), NOW),
    "2019年4月ー2021年3月": ((2019, 4), (2021, 3)),
    "2019年4月〜2021年3月": ((2019, 4), (2021, 3)),
    "'21年4月～現在": ((2021, 4), NOW),
    "2019年度～2021年度": ((2019, 4), (2022, 3)),
    "2022年1月～12月": ((2022, 1), (2022, 12)),
    "2019年4月から2021年3月まで": ((2019, 4), (2021, 3)),
    "令和元年5月 ～ 令和3年2月": ((2019, 5), (2021, 2)),
    "Sept. 2019 – Oct. 2020": ((2019, 9), (2020, 10)),
    "September, 2019 - October, 2020": ((2019, 9), (2020, 10)),
    "2019年4月～至現在": ((2019, 4), NOW),
    "自 2019年4月 至 2021年3月": ((2019, 4), (2021, 3)),
    "自2019.4至2021.3": ((2019, 4), (2021, 3)),
    "(2019 - )": ((2019, 1), NOW),
    "Since 2019": ((2019, 1), NOW),
    "2022.1-12": ((2022, 1), (2022, 12)),
    "May 2019 – current": ((2019, 5), NOW),
    "S63.4～H5.3": ((1988, 4), (1993, 3)),
    "2015 to 2018": ((2015, 1), (2018, 1)),
    "2019 through 2021": ((2019, 1), (2021, 1)),
    "Aug. 2018 – ongoing": ((2018, 8), NOW),
    "06.2017 – 02.2021": ((2017, 6), (2021, 2)),
    "2017/06～2021/02": ((2017, 6), (2021, 2)),
    "令3.3～令5.4": ((2021, 3), (2023, 4)),
    "07-2017 to 02-2021": ((2017, 7), (2021, 2)),
    "2017年（平成29年）4月～2021年3月": ((2017, 4), (2021, 3)),
    "2021-22": ((2021, 1), (2022, 1)),
    "early 2019 – late 2021": ((2019, 2), (2021, 12)),
    "March 2019 – March ’21": ((2019, 3), (2021, 3)),
    "平成29年(2017年)4月 ~ 令和3年(2021年)3月": ((2017, 4), (2021, 3)),
    "2021年3月 ～ 現在に至る": ((2021, 3), NOW),
    "Mar 2021 … Apr 2022": ((2021, 3), (2022, 4)),
    "Oct 2022 to the present": ((2022, 10), NOW),
    "2019 until the present day": ((2019, 1), NOW),
    "Jan '19 - date": ((2019, 1), NOW),
    "03/2021–Date": ((2021, 3), NOW),
    "2019 - onwards": ((2019, 1), NOW),
    "2019 onward": ((2019, 1), NOW),
    "From March 2021 onwards": ((2021, 3), NOW),
    "Jan 2020 to-date": ((2020, 1), NOW),
    "2021 - 2021": ((2021, 1), (2021, 6)),
    "Sep 2021 - 2021": ((2021, 9), (2022, 2)),
    "2017/18 - 2022/23": ((2017, 9), (2023, 8)),
    "2017/18–2018/19": ((2017, 9), (2019, 8)),
    "2019/20 to present": ((2019, 9), NOW),
    "1998/99 - 2001": ((1998, 9), (2001, 1)),
    "2017/03 - 2018/12": ((2017, 3), (2018, 12)),
    "2008/09 - 2011/12": ((2008, 9), (2011, 12)),
    "平成31（2019）年4月～株式会社架空": ((2019, 4), NOW),
    "平成31（2019）年4月～令和元（2019）年12月": ((2019, 4), (2019, 12)),
    "2019（平成31）年4月～2021（令和3）年3月": ((2019, 4), (2021, 3)),
    "From: Sep 2018 To: Aug 2022": ((2018, 9), (2022, 8)),
    "Sep 2018 | Aug 2022": ((2018, 9), (2022, 8)),
    "09/2018 | Present": ((2018, 9), NOW),
    "01/Sep/2018 - 31/Aug/2022": ((2018, 9), (2022, 8)),
    "between 2018 and 2022": ((2018, 1), (2022, 1)),
    "Between May 2018 and June 2022": ((2018, 5), (2022, 6)),
    "Sep19 – Oct21": ((2019, 9), (2021, 10)),
    "Sep19 – Present": ((2019, 9), NOW),
    "2018 ⟶ 2022": ((2018, 1), (2022, 1)),
    "Mar 2019 – Still working": ((2019, 3), NOW),
    "2019.10-在職": ((2019, 10), NOW),
    "2019年10月～在籍": ((2019, 10), NOW),
    "19年4月～21年3月": ((2019, 4), (2021, 3)),
    "19年4月～現在": ((2019, 4), NOW),
    "1Q 2019 - 4Q 2020": ((2019, 1), (2020, 12)),
    "2019年春～2021年秋": ((2019, 3), (2021, 11)),
    "1st of March, 2021 until 30th April, 2022": ((2021, 3), (2022, 4)),
}
REFUSED: Final = [
    "2017 - 2107",
    "2017 – 2071",
    "2021 - 2018",
    "2021年～2018年",
    "FY2021 - FY2018",
    "FY2021/22 - FY2019/20",
    "FY2019/20",
    "Raised sales of FY24-25 by 12%",
    "FY24 - 25 stores opened",
    "FY24-25% growth",
    "Mar 2021 - 2020",
    "Mar 2022 – Feb 2021",
    "Mar 2030 – Present",
    "Python 3.9 and 2.7",
    "Supported 24/7 operations",
    "Version 10.12",
    "R2.0 release of the 4.1 branch",
    "Call 03-2021-1234",
    "grew 2020-25%",
    "1990s",
    "Mar 2020 | PMP",
    "Mar 2020 | Feb 2021 | Jun 2022",
    "2018 | 2022",
    "Mar 2020 |\nApr 2021",
    "Sales of 2018 and 2022",
    "Wrote between jobs in 2018 and 2022",
    "Call 19 4321 - 21 3456",
    "2019.10 在職期間",
    "Won 1Q 2019",
    "2019\n- Date of birth",
    "2019 date",
    "Brought records up-to-date",
    "Moved onward in 2019",
]


def months(month: Month) -> int:
    return month[0] * 12 + month[1] - 1


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_read(text: str) -> None:
    (found,) = find_date_ranges(fold(text), today=months(TODAY))
    assert (found.first, found.last) == tuple(map(months, RANGES[text]))
    assert found.is_open == (RANGES[text][1] == NOW)


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_read_between_other_words(text: str) -> None:
    line = f"Senior Analyst, Harrow & Pike | {text}\n- Led 9 analysts and cut lead time by 31%\n"
    (found,) = find_date_ranges(fold(line), today=months(TODAY))
    assert (found.first, found.last) == tuple(map(months, RANGES[text]))


@pytest.mark.parametrize("text", REFUSED)
def test_other_numbers_are_no_range(text: str) -> None:
    assert find_date_ranges(fold(text), today=months(TODAY)) == []


def test_overlapping_jobs_count_once() -> None:
    text = "Jan 2019 – Dec 2020\nJul 2020 – Jun 2021\nQ1 – Q2 2021"
    assert months_covered(find_date_ranges(fold(text), today=months(TODAY))) == 30


def test_a_day_above_12_makes_all_dates_day_first() -> None:
    dates = find_dates(fold("01/03/2021 - 30/04/2022"))
    assert [date.months for date in dates] == [months((2021, 3)), months((2022, 4))]
    (alone,) = find_dates(fold("01/03/2021"))
    assert alone.months == months((2021, 1))


def test_an_academic_year_is_one_date() -> None:
    (year,) = find_dates(fold("Head of Year, 2017/18"))
    assert (year.months, year.until, year.style) == (months((2017, 9)), months((2018, 8)), "academic year")


@pytest.mark.parametrize(("text", "style"), [("2017/03", "year/month"), ("2011/12", "year/month")])
def test_a_month_is_no_academic_year(text: str, style: str) -> None:
    (date,) = find_dates(fold(text))
    assert date.style == style


def test_years_that_do_not_follow_are_no_academic_year() -> None:
    assert [date.style for date in find_dates(fold("2017/21"))] == ["year", "year"]


def test_cells_of_a_form_are_dates() -> None:
    dates = find_dates(fold("平成29 | 4 | 架空大学 入学\n令和3\t3\t架空大学 卒業\n2021 4 株式会社架空 入社"))
    assert [date.months for date in dates] == [months((2017, 4)), months((2021, 3)), months((2021, 4))]
