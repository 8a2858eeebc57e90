"""Documents that are no resume: a rirekisho, a cover letter, a list, an invoice, a transcript."""

import pytest
from contracts.report import Report
from contracts.vocabulary import ReportLanguage
from scoring.messages import load_catalogue
from scoring.report.builder import score

from tests.unit.scoring.personas import (
    NOW,
    RUBRIC,
    STRONG,
    STRONG_JA,
    WEAK,
    WEAK_JA,
    criterion,
    report,
    request,
)

RIREKISHO = """履　歴　書　　2026年11月20日現在
ふりがな	かくう　はなこ	写真
氏　名	架空　花子
生年月日	1995年4月2日生（満31歳）	※女
現住所	〒100-0001 東京都千代田区架空1-2-3	電話 090-1234-0000	hanako@example.com
年	月	学歴・職歴
学歴
{born}	4	架空大学 経済学部 入学
{left}	3	架空大学 経済学部 卒業
職歴
{left}	4	架空リテール株式会社 入社
業務企画部にて需要予測・返品業務の改善を担当
2021	2	一身上の都合により退職
2021	3	株式会社架空物流 入社
現在に至る
以上
年	月	免許・資格
2015	8	普通自動車第一種運転免許 取得
志望の動機、特技、好きな学科など
物流の現場で培った業務改革の経験を、貴社で活かしたく志望いたしました。
本人希望記入欄
貴社規定に従います。
"""
FORM = RIREKISHO.format(born="2013", left="2017")
ERA_FORM = RIREKISHO.format(born="平成25", left="平成29")
STUDENT_FORM = FORM.replace("志望の動機、特技、好きな学科など", "自己PR").replace("写真", "")
KANJI_FORM = "\n".join(line for line in FORM.splitlines() if "志望" not in line and "培った" not in line)
LETTER = """Nadia Fenwick
nadia@example.com | +44 20 7946 0123

Dear Ms Hartley,

I am writing to apply for the position of operations manager. Since 2015 I have led teams at Harrow & Pike, \
where I cut the lead time by 31% and saved £1.2 million a year. I hold a degree of Northmoor University.

I would welcome a conversation about the role.

Yours sincerely,
Nadia Fenwick
"""
LETTER_JA = """株式会社架空物流
採用ご担当者様

拝啓　時下ますますご清栄のこととお慶び申し上げます。
このたび貴社の求人に応募いたしたく、応募書類をお送りいたします。
ご査収のほど、よろしくお願い申し上げます。
敬具
架空花子
"""
SKILL_LIST = "Nadia Fenwick\n\nSkills\nPython\nSQL\nLeadership\nPower BI\nExcel\nPublic Speaking\n"
INVOICE = (
    "INVOICE #2041\nHarrow Ltd\nBill to: Acme\nConsulting, Mar 2021 - Apr 2021\t12\t£4,000\nTotal\t£4,000\n"
)
TRANSCRIPT = (
    "Official Transcript\nUniversity of Northmoor\nNadia Fenwick\nSep 2011 - Jun 2014\n"
    "ECON101\tMicroeconomics\t10\tA\nECON102\tStatistics\t10\tB\nGPA\t3.8\n"
)
INVOICE_JA = "請求書\n株式会社架空物流　御中\n2026年11月20日\nコンサルティング料\t40,000円\n合計\t44,000円\n"


def codes(result: Report) -> list[str]:
    return [finding.code for finding in result.detailed_scores.findings]


@pytest.mark.parametrize("text", [FORM, ERA_FORM, STUDENT_FORM, KANJI_FORM])
def test_rirekisho_is_judged_as_the_form_that_it_is(text: str) -> None:
    result = report(text)
    assert codes(result) == ["rirekisho"]
    details = result.detailed_scores
    assert not any(
        criterion(result, name).points is not None
        for name in ("content.quantified", "content.results", "content.bullet_length", "industry.skills")
    )
    assert criterion(result, "ats.headings").points == 15
    assert criterion(result, "ats.dates").points
    told = result.model_dump_json()
    for language in ("en", "ja"):
        sentences = load_catalogue(language, resume_language="ja")
        assert sentences["content.few_bullets.fix"] not in told
        assert sentences["content.no_bullets"] not in told
    assert "職務経歴書" in details.next_steps[0]
    feedback = details.structure_analysis.feedback
    assert feedback.missing_sections == ()
    assert details.appeal_analysis.feedback.missing_skills == ()
    assert result.overall_score <= RUBRIC.cap_without_content
    assert details.cap_reason


def test_reasons_for_applying_are_assessed_in_a_rirekisho() -> None:
    longer = FORM.replace(
        "志望いたしました。", "志望いたしました。" + "需要予測の改善により在庫を減らしました。" * 4
    )
    none = FORM.replace("志望の動機、特技、好きな学科など\n", "")
    points = [criterion(report(text), "content.summary").points or 0 for text in (none, FORM, longer)]
    assert points == sorted(points)
    assert points[0] == 0 < points[1] < points[2]


def test_report_on_a_rirekisho_is_written_in_the_wanted_language() -> None:
    wanted = request(FORM).model_copy(update={"report_language": ReportLanguage.ENGLISH})
    result = score(wanted, rubric=RUBRIC, now=NOW)
    assert result.executive_summary.startswith("As a rirekisho")
    assert "rirekisho" in result.detailed_scores.findings[0].detail


@pytest.mark.parametrize(
    "text",
    [
        STRONG,
        WEAK,
        STRONG_JA,
        WEAK_JA,
        # A work history that begins like a form, and one with a form before it.
        "氏名 架空花子\n生年月日 1995年4月2日\n住所 東京都\n写真\n" + STRONG_JA,
        FORM + "\n職務経歴書\n" + STRONG_JA,
        # A resume behind a letter.
        LETTER + STRONG,
    ],
)
def test_resume_stays_a_resume(text: str) -> None:
    assert codes(report(text)) == []
    assert criterion(report(text), "content.quantified").points is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LETTER, "cover_letter"),
        (LETTER_JA, "cover_letter"),
        (
            LETTER.replace("Dear Ms", "To whom it may concern").replace("Yours", "Most"),
            "cover_letter",
        ),
        (SKILL_LIST, "not_a_resume"),
        (INVOICE, "not_a_resume"),
        (TRANSCRIPT, "not_a_resume"),
        (INVOICE_JA, "not_a_resume"),
    ],
)
def test_other_document_is_named_and_not_told_to_add_bullets(text: str, code: str) -> None:
    result = report(text)
    assert codes(result) == [code]
    assert result.overall_score <= RUBRIC.cap_without_background
    assert criterion(result, "content.quantified").points is None
    assert (
        result.detailed_scores.findings[0].detail in result.detailed_scores.structure_analysis.feedback.issues
    )
    for language in ("en", "ja"):
        sentences = load_catalogue(language, resume_language=language)
        assert sentences["content.few_bullets.fix"] not in result.model_dump_json()
