"""Headings: usual ones, letters spaced apart, items of lists, and lines in the style of headings."""

from io import BytesIO
from typing import Any

import docx
import pytest
from contracts.headings import read_heading
from contracts.vocabulary import SectionType
from documents.layout.headings import find_headings, heading_type, is_ambiguous
from documents.layout.lines import SourceLine
from documents.limits import Limits
from documents.parser import parse_file
from docx.shared import Pt
from reportlab.lib import colors
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import SimpleDocTemplate, Table


def read(text: str | bytes) -> list[tuple[str, str | None]]:
    data = text.encode() if isinstance(text, str) else text
    sections: list[dict[str, Any]] = parse_file(data, Limits())["signals"]["sections"]
    return [(section["type"], section["title"]) for section in sections]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Relevant Experience", "experience"),
        ("Clinical Experience", "experience"),
        ("Teaching Experience", "experience"),
        ("Selected Experience", "experience"),
        ("INDUSTRY EXPERIENCE", "experience"),
        ("Leadership Experience", "experience"),
        ("Research and Teaching Experience", "experience"),
        ("Education and Work Experience", "experience"),
        ("Work Experience (continued)", "experience"),
        ("Soft Skills", "skills"),
        ("Top Skills", "skills"),
        ("Core Skills:", "skills"),
        ("Key Skills & Tools", "skills"),
        ("Personal Details", "contact"),
        ("Academic Details", "education"),
        ("Educational Details", "education"),
        ("ACADEMIC QUALIFICATION", "education"),
        ("Professional Qualification", "certifications"),
        ("Employment Details", "experience"),
        ("Past Employment Details", "experience"),
        ("Work Details", "experience"),
        ("Project Details", "other"),
        ("Professional Synopsis", "summary"),
        ("Technical Skill Sets", "skills"),
        ("Professional Registrations", "certifications"),
        ("Selected Honors", "other"),
        ("Honours & Awards", "other"),
        ("Publications (selected)", "other"),
        ("Volunteer Experience", "other"),
        ("受賞・表彰", "other"),
        ("志望の動機", "other"),
        ("志望の動機、特技、好きな学科など", "other"),
        ("自己ＰＲ", "summary"),
        ("本人希望記入欄", "other"),
        ("本人希望記入欄（特に給料・職種・勤務地・その他についての希望などがあれば記入）", "other"),
        ("活かせる経験・知識・技術", "skills"),
        ("職務経歴詳細", "experience"),
        ("職務経歴①", "experience"),
        ("職務経歴\u30002", "experience"),
        ("■職務経歴１０", "experience"),
        ("【自己PR②】", "summary"),
        ("年\t月\t学歴・職歴（各別にまとめて書く）", "experience"),
        ("年\t月\t免許・資格", "certifications"),
        ("保有資格・語学", "certifications"),
        ("E D U C AT I O N", "education"),
        ("C E R T I F I C AT I O N S", "certifications"),
        ("W O R K  E X P E R I E N C E", "experience"),
        ("W O R K E X P E R I E N C E", "experience"),
        ("S K I L L S  &  T O O L S", "skills"),
        ("AWA R D S", "other"),
        ("P R O F I L E", "summary"),
    ],
)
def test_usual_heading_is_recognised(line: str, kind: str) -> None:
    assert heading_type(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Customer Experience",
        "User Experience",
        "Director of Patient Experience",
        "10 years of experience",
        "Strong communication skills",
        "with hands-on experience.",
        "Special Projects Ltd",
        "Customer Details",
        "Technical Details",
        "Registrations Officer",
        "業務改善経験",
        "プロジェクト管理",
        "資格取得支援制度の導入",
        "プロジェクト①",
        "業務内容2",
        "職務経歴2019",
        "①",
        "A B C D E F",
        "J O H N  D O E",
    ],
)
def test_name_or_sentence_is_no_heading(line: str) -> None:
    assert heading_type(line) is None


@pytest.mark.parametrize(
    "line", ["Leadership", "Project Details", "Public Speaking", "Languages", "Barista Experience", "語学"]
)
def test_usual_entry_of_lists_needs_more_evidence(line: str) -> None:
    assert is_ambiguous(line)
    assert not is_ambiguous(line.upper()) or not line.isascii()


def test_types_agree_with_the_contract() -> None:
    lines = (
        "Contact",
        "Profile",
        "Work",
        "Studies",
        "Tools",
        "Training",
        "Projects",
        "Leadership",
        "Volunteering",
        "Talks",
    )
    assert {heading_type(line) for line in lines} == set(SectionType)
    kinds = {heading.kind for line in lines if (heading := read_heading(line))}
    assert kinds == {*SectionType, "projects", "activities", "volunteering"}


@pytest.mark.parametrize("heading", ["ACADEMIC DETAILS", "Educational Details", "ACADEMIC QUALIFICATION"])
def test_years_at_school_are_no_work(heading: str) -> None:
    text = f"Ana Example\n\nEXPERIENCE\nClerk, Acme, 2019 - 2022\n- Led 3\n\n{heading}\nB.Tech, 2016-2020"
    assert [kind for kind, _ in read(text)] == ["contact", "experience", "education"]


@pytest.mark.parametrize("sign", ["•", "-", "*", "●", "◦", "✓"])
def test_list_item_is_no_heading(sign: str) -> None:
    items = "\n".join(
        f"{sign} {item}" for item in ("SQL", "Leadership", "Teaching", "Budget Planning", "Soft Skills", "Go")
    )
    text = (
        f"Ana Example\nana@example.com\n\nEXPERIENCE\n\nClerk, Acme\n\nSKILLS\n\n{items}\n\nEDUCATION\n\nBSc"
    )
    assert [title for _, title in read(text)] == [None, "EXPERIENCE", "SKILLS", "EDUCATION"]


@pytest.mark.parametrize("sign", ["■", "◆", "●", "•", "#"])
def test_heading_behind_an_ornament_is_a_heading(sign: str) -> None:
    text = "\n".join(
        (
            "Ana Example",
            f"{sign} Experience",
            "- Led 3 people",
            f"{sign} Education",
            "BSc",
            f"{sign} Skills",
            "Go",
        )
    )
    assert [kind for kind, _ in read(text)] == ["contact", "experience", "education", "skills"]


def test_last_word_of_a_wrapped_sentence_is_no_heading() -> None:
    text = "Ana\n\nSUMMARY\n\nClerk who has wide\nexperience\nand knows\nskills.\n\nEDUCATION\n\nBSc"
    assert [title for _, title in read(text)] == [None, "SUMMARY", "EDUCATION"]


def test_headings_in_small_letters_are_headings_where_all_are() -> None:
    text = "ana example\nana@x.com\nwork experience\nclerk, acme, 2019 - 2022\neducation\nbsc\nskills\nsql"
    assert [title for _, title in read(text)] == [None, "work experience", "education", "skills"]


def test_headings_to_the_left_of_their_text_begin_sections() -> None:
    text = "Ana\nana@x.com\nProfile\tClerk of 3 years\nExperience\tClerk, Acme\t2019 - 2022\nSkills\tSQL, Go"
    assert [kind for kind, _ in read(text)] == ["contact", "summary", "experience", "skills"]
    assert "skills" not in [
        kind for kind, _ in read("Ana Example\nana@x.com\n\nEducation\nBSc\nSkills\t4 of 5")
    ]


@pytest.mark.parametrize(
    ("heading", "below", "experience", "kind"),
    [
        ("Career Summary", "Clerk of ten years who keeps books.", "Professional Experience", "summary"),
        ("CAREER SUMMARY:", "Clerk of ten years who keeps books.", "EMPLOYMENT HISTORY", "summary"),
        ("Career Summary", "Clerk, Acme, 2019 - 2022", "Internships", "experience"),
        ("Career Summary", "Clerk of ten years who keeps books.", "Certifications", "experience"),
        ("Career History", "Clerk of ten years who keeps books.", "Professional Experience", "experience"),
    ],
)
def test_career_summary_before_the_experience_is_a_summary(
    heading: str, below: str, experience: str, kind: str
) -> None:
    text = f"Ana Example\n\n{heading}\n{below}\n\n{experience}\nAcme, Jan 2019 - Present\n\nEducation\nBSc"
    assert read(text)[1] == (kind, heading.rstrip(":"))


LABELS = ("Teaching", "Research", "Community engagement", "Project Details", "Leadership")


@pytest.mark.parametrize("heading", ["WORK EXPERIENCE", "EMPLOYMENT HISTORY"])
def test_label_within_the_experience_is_no_section_where_headings_are_capitals(heading: str) -> None:
    labels = "".join(f"\n{label}\n- Held 12 talks\n- Wrote 5 papers\n" for label in LABELS)
    text = f"Ana Example\n\n{heading}\nAcme, Jan 2019 - Present\n{labels}\nEDUCATION\nBSc, 2015\n\nAwards\nA"
    assert [title for _, title in read(text)] == [None, heading, "EDUCATION", "Awards"]


@pytest.mark.parametrize(
    ("experience", "label", "education"),
    [
        ("Work Experience", "Teaching", "Education"),
        ("WORK EXPERIENCE", "TEACHING", "EDUCATION"),
        ("WORK EXPERIENCE", "Languages", "EDUCATION"),
        ("Work", "Awards", "Studies"),
    ],
)
def test_section_below_the_experience_is_one(experience: str, label: str, education: str) -> None:
    body = "Acme, Jan 2019 - Present\n- Held 12 talks\n- Wrote 5 papers"
    text = f"Ana Example\n\n{experience}\n{body}\n\n{label}\nOne of 2019\n\n{education}\nBSc, 2015"
    assert [title for _, title in read(text)] == [None, experience, label, education]


def styled(*lines: tuple[str, str]) -> list[SourceLine]:
    found, start = [], 0
    for text, style in lines:
        found.append(SourceLine(text, start, style))
        start += len(text) + 1
    return found


def test_employers_in_the_style_of_headings_are_no_sections() -> None:
    lines = styled(
        ("Ana Example", "name"),
        ("Experience", "head"),
        ("Harrow & Pike", "head"),
        ("Clerk, 2019 - 2022", "body"),
        ("- Led 3 people and kept the books of two shops in good order every year", "body"),
        ("Bellweather", "head"),
        ("Clerk, 2016 - 2019", "body"),
        ("Education", "head"),
        ("Northmoor", "head"),
        ("BSc Economics, 2015", "body"),
        ("Skills", "head"),
        ("SQL", "body"),
    )
    assert [heading.title for heading in find_headings(lines)] == ["Experience", "Education", "Skills"]


@pytest.mark.parametrize(
    "employer",
    ["Tarn Valley Foods Ltd", "University of Northmoor", "株式会社架空物流", "Senior Engineer", "A | B"],
)
def test_name_of_an_employer_or_school_is_no_section(employer: str) -> None:
    lines = styled(
        ("Ana Example", "name"),
        ("Experience", "head"),
        ("Clerk and keeper of the books of two shops in one town, 2019 - 2022", "body"),
        (employer, "head"),
        ("Skills", "head"),
        ("SQL", "body"),
    )
    assert [heading.title for heading in find_headings(lines)] == ["Experience", "Skills"]


def test_employer_in_small_letters_is_no_section_among_capital_headings() -> None:
    lines = styled(
        ("EXPERIENCE", "bold"),
        ("Clerk and keeper of the books of two shops in one town, 2019 - 2022", "body"),
        ("Bellweather", "bold"),
        ("SKILLS", "bold"),
        ("SQL", "body"),
        ("MOUNTAIN RESCUE", "bold"),
        ("Leader", "body"),
    )
    assert [heading.title for heading in find_headings(lines)] == ["EXPERIENCE", "SKILLS", "MOUNTAIN RESCUE"]


def test_employers_below_the_titles_of_positions_are_no_sections() -> None:
    tasks = [
        ("- Led 9 analysts and cut the lead time of orders by 31% across 14 regional offices.", "body"),
        ("- Negotiated contracts with 6 suppliers, saving 1.2 million a year in freight costs.", "body"),
        ("- Trained 25 store managers in root cause analysis, resolving 340 open incidents in all.", "body"),
    ]
    lines = styled(
        ("Experience", "head"),
        ("Senior Analyst, 2019 - 2022", "italic"),
        ("Harrow & Pike", "head"),
        *tasks,
        ("Analyst, 2016 - 2019", "italic"),
        ("Bellweather", "head"),
        *tasks,
        ("Mountain Rescue", "head"),
        ("- Leader of the team", "body"),
        ("Skills", "head"),
        ("SQL", "body"),
    )
    titles = [heading.title for heading in find_headings(lines)]
    assert titles == ["Experience", "Mountain Rescue", "Skills"]


@pytest.mark.parametrize("size", [11, 14])
def test_docx_with_bold_employers_has_the_sections_of_its_headings(size: int) -> None:
    document = docx.Document()

    def add(text: str, *, bold: bool = False, points: int = 11) -> None:
        run = document.add_paragraph().add_run(text)
        run.bold, run.font.size = bold, Pt(points)

    add("Nadia Fenwick", bold=True, points=20)
    add("nadia.fenwick@example.com")
    for heading, entries in (
        ("Professional Experience", ("Harrow & Pike", "Bellweather Retail", "Tarn Valley")),
        ("Education", ("Northmoor",)),
    ):
        add(heading, bold=True, points=14)
        for number, entry in enumerate(entries):
            add(entry, bold=True, points=size)
            add(f"Analyst, {2015 + number} - {2016 + number}")
            add("• Led a team of nine analysts and cut order lead time by 31% across fourteen offices.")
    add("Skills", bold=True, points=14)
    add("SQL, Python")
    buffer = BytesIO()
    document.save(buffer)
    assert [title for _, title in read(buffer.getvalue())] == [
        None,
        "Professional Experience",
        "Education",
        "Skills",
    ]


@pytest.mark.parametrize("years", [("2013", "2017", "2021"), ("平成25", "平成29", "令和3")])
def test_rirekisho_form_is_divided_at_its_printed_headings(years: tuple[str, str, str]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), "HeiseiKakuGo-W5", 9)]
    start, middle, last = years
    forms = (
        [
            ["履 歴 書", "2026年11月20日現在", ""],
            ["氏 名", "架空 花子", "写真"],
            ["生年月日", "1995年4月2日生", "女"],
        ],
        [
            ["年", "月", "学歴・職歴（各別にまとめて書く）"],
            ["", "", "学 歴"],
            [start, "4", "架空大学 経済学部 入学"],
            [middle, "3", "架空大学 経済学部 卒業"],
            ["", "", "職 歴"],
            [middle, "4", "架空リテール株式会社 入社"],
            [last, "2", "一身上の都合により退職"],
            ["", "", "以上"],
        ],
        [["年", "月", "免許・資格"], ["2015", "8", "普通自動車第一種運転免許 取得"]],
        [
            ["", "", "志望の動機、特技、アピールポイントなど"],
            ["", "", "業務改革の経験を活かしたく志望いたしました。"],
        ],
        [
            ["", "", "本人希望記入欄（特に給料・職種などについての希望があれば記入）"],
            ["", "", "特になし"],
        ],
    )
    buffer = BytesIO()
    tables = [Table(rows, colWidths=[60, 120, 300], style=style, spaceAfter=12) for rows in forms]
    SimpleDocTemplate(buffer).build(tables)
    assert [kind for kind, title in read(buffer.getvalue()) if title] == [
        "experience",
        "education",
        "experience",
        "certifications",
        "other",
        "other",
    ]
