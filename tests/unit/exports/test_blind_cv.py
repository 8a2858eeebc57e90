"""The blind CV as DOCX and HTML."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from exports.blind.compose import compose
from exports.blind.docx_file import to_docx
from exports.blind.html_page import to_html
from exports.source import Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = """Maya Okafor
maya.okafor@example.com | +44 20 7946 0958 | 12 Harbour View Road, Leeds LS1 4AP

Summary
Maya is a consultant who led her teams through eleven mergers of banks.

Experience
Senior Manager, Northwind Advisory, Apr 2020 - Present
- Led a merger with Okafor's method, saving $2M a year
Consultant, Pellworth Partners, Jan 2016 - Mar 2020
- Built 3 models for 4 clients

Education
MSc in Economics, Leeds University, 2015

Personal details
Nationality: Kenyan

References
Dr Ada Byron, ada@byron.example, +44 20 7946 0111
"""


def source(text: str, *names: str) -> Source:
    return Source(text=text, signals=None, names=names, reference="1a2b3c4d", now=NOW)


def lines(text: str, *names: str) -> list[str]:
    return [paragraph.text for part in compose(source(text, *names)).parts for paragraph in part.paragraphs]


def test_content_stays_and_identity_goes() -> None:
    blind = compose(source(TEXT, "Maya Okafor"))
    assert [part.title for part in blind.parts] == ["Summary", "Experience", "Education"]
    assert lines(TEXT, "Maya Okafor") == [
        "The candidate is a consultant who led their teams through eleven mergers of banks.",
        "Senior Manager, Northwind Advisory, Apr 2020 - Present",
        "Led a merger with the candidate's method, saving $2M a year",
        "Consultant, Pellworth Partners, Jan 2016 - Mar 2020",
        "Built 3 models for 4 clients",
        "MSc in Economics, Leeds University, 2015",
    ]
    assert blind.has_name


def test_docx_has_fixed_metadata_and_bytes() -> None:
    blind = compose(source(TEXT, "Maya Okafor"))
    data = to_docx(blind)
    assert data == to_docx(compose(source(TEXT, "Maya Okafor")))
    core = docx.Document(io.BytesIO(data)).core_properties
    assert (core.author, core.last_modified_by, core.comments, core.keywords) == ("", "", "", "")
    assert (core.title, core.revision) == ("Candidate profile", 1)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "thumbnail" in name or "app.xml" in name or "custom" in name]


def test_right_to_left_lines_of_the_docx_are_set_in_complex_script() -> None:
    arabic = "مهندسة أولى، Example Systems Ltd, 2018 - 2021"
    data = to_docx(compose(source(f"Experience\n{arabic}\n- Built 3 models\n- قدت فريقا من 8 مهندسين")))
    document = docx.Document(io.BytesIO(data))
    paragraphs = {each.text: each for each in document.paragraphs}
    (run,) = paragraphs["قدت فريقا من 8 مهندسين"].runs
    assert run.font.rtl
    assert paragraphs[arabic]._p.get_or_add_pPr().find(qn("w:bidi")) is not None
    assert paragraphs["Built 3 models"]._p.get_or_add_pPr().find(qn("w:bidi")) is None
    entry = document.styles["Entry"]
    # Bold and the size of other scripts do not apply to such a run.
    assert entry.font.cs_bold
    assert entry.element.rPr.find(qn("w:szCs")).get(qn("w:val")) == "21"


def test_docx_styles_tell_positions_from_bullets() -> None:
    document = docx.Document(io.BytesIO(to_docx(compose(source(TEXT, "Maya Okafor")))))
    styles = {each.text: each.style.name for each in document.paragraphs if each.style}
    assert styles["Experience"] == "Heading 1"
    assert styles["Built 3 models for 4 clients"] == "List Bullet"
    assert styles["Consultant, Pellworth Partners, Jan 2016 - Mar 2020"] == "Entry"


def test_markup_in_a_resume_is_text() -> None:
    text = TEXT.replace("Built 3", "Built <script>alert(1)</script> & ]]> 3")
    blind = compose(source(text, "<b>Maya</b> Okafor"))
    page = to_html(blind, font_families="sans-serif")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; 3" in page
    document = docx.Document(io.BytesIO(to_docx(blind)))
    assert any("<script>alert(1)</script> & ]]> 3" in each.text for each in document.paragraphs)


def test_right_to_left_paragraphs_are_marked() -> None:
    text = "محمد العلي\n\nالخبرة\n- قاد فريقا من 8 مهندسين في شركة كبيرة\n- بنى نظاما\n"
    document = docx.Document(io.BytesIO(to_docx(compose(source(text)))))
    marked = [each.text for each in document.paragraphs if each._p.find(f".//{qn('w:bidi')}") is not None]
    assert "قاد فريقا من 8 مهندسين في شركة كبيرة" in marked
    assert not any("محمد" in each.text for each in document.paragraphs)


def test_long_bullets_stay_whole() -> None:
    bullets = [(f"Built {number:02} " + "long things " * 170)[:1_980] + "end." for number in range(50)]
    text = "Experience\nEngineer, Acme, Jan 2020 - Present\n" + "".join(f"- {each}\n" for each in bullets)
    found = [each for each in lines(text) if each.endswith("end.")]
    assert [" ".join(each.split()) for each in bullets] == [" ".join(each.split()) for each in found]


def test_control_characters_do_not_break_the_file() -> None:
    text = TEXT.replace("Built 3", "Built \x00\x0b\ufffe 3")
    assert docx.Document(io.BytesIO(to_docx(compose(source(text)))))


@pytest.mark.parametrize("line", ["Led a bank of Quill", "Quill Zoe", "zoe.quill@mail.example"])
def test_name_that_only_the_table_knows_is_removed(line: str) -> None:
    text = f"Experience\nEngineer, Acme, Jan 2020 - Present\n- Built a tool\n- {line}\n"
    assert "quill" not in " ".join(lines(text, "Zoe Quill")).lower()


def test_japanese_resume_keeps_its_language() -> None:
    text = (
        "履歴書\n氏名\t三枝 悠斗\nふりがな\tさえぐさ ゆうと\n性別\t男\n\n職務経歴\n"
        "プロジェクトマネージャー, 株式会社青葉データ, 2020年4月 - 現在\n"
        "・三枝が移行を主導し、期間を3割短縮\n"
    )
    blind = compose(source(text))
    assert blind.language == "ja"
    assert lines(text) == [
        "プロジェクトマネージャー, 株式会社青葉データ, 2020年4月 - 現在",
        "候補者が移行を主導し、期間を3割短縮",
    ]


def test_right_to_left_lines_of_the_page_are_marked() -> None:
    page = to_html(
        compose(source("الخبرة\n- قاد فريقا من 8 مهندسين\n- Built 3 models")), font_families="serif"
    )
    assert '<li dir="rtl">قاد فريقا من 8 مهندسين</li>' in page
    assert '<li dir="ltr">Built 3 models</li>' in page
