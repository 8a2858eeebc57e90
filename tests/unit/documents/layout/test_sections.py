"""Headings and sections in English and Japanese."""

import pytest
from documents.layout.headings import heading_type, label_type
from documents.layout.lines import SourceLine
from documents.layout.sections import SectionSpan, find_sections
from hypothesis import given
from hypothesis import strategies as st

from tests.support import files


def lines_of(text: str) -> list[SourceLine]:
    lines, start = [], 0
    for line in text.split("\n"):
        if line:
            lines.append(SourceLine(line, start))
        start += len(line) + 1
    return lines


def sections_of(text: str) -> list[SectionSpan]:
    return find_sections(lines_of(text), len(text))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("EXPERIENCE", "experience"),
        ("Professional Experience", "experience"),
        ("Work experience:", "experience"),
        ("2. Employment History", "experience"),
        ("— CAREER HISTORY —", "experience"),
        ("E X P E R I E N C E", "experience"),
        ("Education & Certifications", "education"),
        ("Academic Background", "education"),
        ("Technical Skills", "skills"),
        ("Skills & Awards", "skills"),
        ("Core Competencies", "skills"),
        ("Professional Summary", "summary"),
        ("About me", "summary"),
        ("Licenses and Certifications", "certifications"),
        ("Projects", "other"),
        ("Contact", "contact"),
        ("■職務要約", "summary"),
        ("【職務経歴】", "experience"),
        ("職 務 経 歴", "experience"),
        ("学　　歴", "education"),
        ("学歴・職歴", "experience"),
        ("◆活かせる経験・知識・技術", "skills"),
        ("自己ＰＲ", "summary"),
        ("免許・資格", "certifications"),
        ("職務経歴 / Work Experience", "experience"),
        ("志望動機", "other"),
    ],
)
def test_heading_is_recognised(line: str, kind: str) -> None:
    assert heading_type(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Senior Software Engineer",
        "Experience in leading large teams",
        "Head of Education, Leeds City Council",
        "Project Management",
        "Bachelor of Science in Education Technology",
        "職務経歴書",
        "株式会社スキルアップ",
        "2021",
        "•",
        "",
    ],
)
def test_other_line_is_no_heading(line: str) -> None:
    assert heading_type(line) is None


def test_label_makes_a_section_if_no_heading_does() -> None:
    assert label_type("Technical Skills") == "skills"
    assert label_type("Languages") is None
    assert label_type("Relevant courses") is None
    text = "Ana Example\nana@example.com\n\nSkills: Python, Go\n\nExperience\nEngineer, Acme, 2020 - 2022"
    assert [(section.type, section.title) for section in sections_of(text)] == [
        ("contact", None),
        ("skills", "Skills"),
        ("experience", "Experience"),
    ]


def test_english_resume_is_divided_into_sections() -> None:
    text = files.strong_resume_txt().decode()
    sections = sections_of(text)
    assert [section.type for section in sections] == [
        "contact",
        "summary",
        "experience",
        "education",
        "skills",
        "certifications",
    ]
    assert text[sections[2].start : sections[2].end].startswith("Work Experience\nPrincipal")


def test_japanese_resume_is_divided_into_sections() -> None:
    sections = sections_of(files.japanese_resume_txt().decode())
    assert [(section.type, section.title) for section in sections] == [
        ("contact", None),
        ("summary", "職務要約"),
        ("experience", "職務経歴"),
        ("education", "学歴"),
        ("skills", "活かせる経験・知識・技術"),
        ("certifications", "資格"),
    ]


def test_summary_without_heading_is_a_section_of_its_own() -> None:
    summary = (
        "Engineer who builds payment platforms with small teams and has done so for twelve long years now."
    )
    sections = sections_of(f"Ana Example\nana@example.com\n{summary}\n\nEducation\nMSc, 2012")
    assert [section.type for section in sections] == ["contact", "summary", "education"]


def test_ambiguous_heading_needs_a_blank_line_above() -> None:
    listed = sections_of("Skills\nPython\nLeadership\nResearch\n\nEducation\nMSc")
    assert [section.type for section in listed] == ["skills", "education"]
    headed = sections_of("Skills\nPython\n\nLeadership\nChair of the society")
    assert [section.type for section in headed] == ["skills", "other"]


def test_unknown_headings_are_found_by_their_style() -> None:
    head, body = ("Bold", 13.0), ("Body", 10.0)
    styles = [
        ("Experience", head),
        ("Engineer, Acme", body),
        ("Voluntary Mountain Rescue", head),
        ("Leader", body),
        ("Skills", head),
        ("Go", body),
    ]
    lines, start = [], 0
    for text, style in styles:
        lines.append(SourceLine(text, start, style))
        start += len(text) + 1
    found = find_sections(lines, start)
    assert [(section.type, section.title) for section in found] == [
        ("experience", "Experience"),
        ("other", "Voluntary Mountain Rescue"),
        ("skills", "Skills"),
    ]


def test_sections_have_pages() -> None:
    text = "Ana Example\n\nExperience\nEngineer\nmore\n\nEducation\nMSc"
    sections = find_sections(lines_of(text), len(text), page_starts=[0, text.index("more")])
    assert [(section.start_page, section.end_page) for section in sections] == [(1, 1), (1, 2), (2, 2)]


@given(
    st.lists(
        st.sampled_from(["Experience", "Skills", "資格", "Ana", "ana@example.com", "", "word " * 20]),
        max_size=30,
    )
)
def test_sections_cover_the_text_without_gap(parts: list[str]) -> None:
    text = "\n".join(part.strip() for part in parts).strip()
    sections = sections_of(text)
    assert "".join(text[section.start : section.end] for section in sections) == text
    assert all(section.start < section.end for section in sections)


def test_very_long_lines_take_little_time() -> None:
    text = "\n".join(("a" * 50_000, "1 " * 25_000, "a." * 12_000))
    assert sections_of(text)[0].start == 0


def test_style_of_all_lines_marks_no_headings() -> None:
    text = (
        "Omar Reyes\nomar@x.com\nEXPERIENCE\nProject Manager, Siemens, Mar 2019 - Present\n"
        "- Led a team of 9 engineers\n- Cut costs by 18% in two years\nField Engineer, Bosch\n"
        "- Built 3 test rigs\nSKILLS\nPython"
    )
    alike = [line._replace(style=("Normal", 11.0)) for line in lines_of(text)]
    found = find_sections(alike, len(text))
    assert found == sections_of(text)
    assert [section.type for section in found] == ["contact", "experience", "skills"]


@pytest.mark.parametrize("line", ["omar@x.com", "- Led a team", "• Cut costs", "現在に至る"])
def test_line_in_heading_style_is_no_heading_if_it_cannot_be_one(line: str) -> None:
    texts = ["EXPERIENCE", "Engineer", line, "Clerk, Acme, 2019", "2020", "EDUCATION", "BSc, Leeds, 2012"]
    text = "\n".join(texts)
    styles = [line._replace(style="head" if line.text[:1] in "E-•o現" else "body") for line in lines_of(text)]
    titles = [section.title or "-" for section in find_sections(styles, len(text))]
    assert not any(line.endswith(title) for title in titles)


@pytest.mark.parametrize("value", ["Lean Six Sigma Green Belt", "PRINCE2", "Chartered Accountant"])
def test_one_heading_to_the_left_of_its_text_begins_a_section_among_others(value: str) -> None:
    """A heading is one row with the text in the cell beside it, if that is short."""
    work = "Clerk, Acme 2019 - 2022"
    text = f"Ana\nana@x.com\n\nExperience\n{work}\nEducation\nBSc\nCertifications\t{value}"
    assert sections_of(text)[-1].type == "certifications"
    alone = sections_of(f"Ana\nana@x.com\n\n{work}\nCertifications\t{value}")
    assert "certifications" not in [section.type for section in alone]
    rated = sections_of(f"Ana\nana@x.com\n\nExperience\n{work}\nEducation\nBSc\nLanguages\t4 of 5")
    assert rated[-1].type == "education"
