"""The whole way from a job and a resume to a match."""

from datetime import date

from contracts.document import DocumentSignals
from contracts.matching import Match
from matching.evidence.reading import read_resume
from matching.extraction import extract_requirements
from matching.matcher import match, matcher_version, unreadable
from matching.messages import load_catalogue, reason_sentence

from tests.unit.scoring.personas import STRONG, STRONG_JA, pdf

TODAY = date(2026, 11, 30)
JOB = """Requirements
- 5+ years of experience with Python
- Experience with PostgreSQL
- Knowledge of Kubernetes
- Right to work in the UK
"""


def matched(job: str, resume: str, *, title: str = "", signals: DocumentSignals | None = None) -> Match:
    requirements = extract_requirements(title, job)
    result = match(requirements, read_resume(resume, signals, today=TODAY), TODAY)
    for each in result.requirements:
        for quote in each.evidence:
            assert resume[quote.start : quote.end] == quote.quote
    return result


def outcomes(job: str, resume: str) -> list[str]:
    return [each.outcome for each in matched(job, resume).requirements]


def test_each_requirement_has_an_outcome_and_verified_quotes() -> None:
    result = matched(JOB, STRONG)
    assert [each.outcome for each in result.requirements] == ["met", "not_shown", "partly", "unknown"]
    assert "Python" in result.requirements[0].evidence[0].quote
    assert result.score is not None
    assert 0 < result.score < 100
    assert result.matcher_version == matcher_version()


def test_a_resume_that_was_read_once_gives_the_same_match_again() -> None:
    requirements, reading = extract_requirements("", JOB), read_resume(STRONG, today=TODAY)
    assert match(requirements, reading, TODAY) == match(requirements, reading, TODAY)


def test_open_positions_end_on_the_day_of_the_match() -> None:
    requirements = extract_requirements("", "Requirements\n- 8 years of experience with Python")
    reading = read_resume(STRONG, today=TODAY)
    assert match(requirements, reading, TODAY).requirements[0].outcome == "partly"
    assert match(requirements, reading, date(2028, 11, 30)).requirements[0].outcome == "met"


def test_a_japanese_resume_matches_a_japanese_job() -> None:
    job = "【必須】\n・業務改革の推進経験\n・大卒以上\n・需要予測モデルの導入経験\n・英語ビジネスレベル"
    assert outcomes(job, STRONG_JA) == ["met", "met", "met", "not_shown"]


def test_a_known_skill_is_found_across_languages() -> None:
    assert outcomes("【必須】\n・機械学習の実務経験", STRONG) == ["met"]


def test_words_of_another_language_leave_free_text_unknown() -> None:
    assert outcomes("【仕事内容】\n・盆栽の剪定", STRONG) == ["unknown"]


def test_a_job_without_requirements_has_no_score() -> None:
    result = matched("We are a friendly team.", STRONG)
    assert result.requirements == ()
    assert result.score is None
    assert reason_sentence(result.reason, "en") == "The job has no requirements, so there is no score."


def test_an_unreadable_resume_has_no_score_and_nothing_against_it() -> None:
    result = unreadable(extract_requirements("", JOB))
    assert result.score is None
    assert {each.outcome for each in result.requirements} == {"unknown"}


def test_a_match_that_is_mostly_unknown_has_no_score() -> None:
    result = matched("Requirements\n- Right to work in Japan\n- Security clearance", STRONG)
    assert (result.score, result.reason.key) == (None, "score.too_little")


def test_a_must_weighs_more_than_a_wish() -> None:
    must = matched("Requirements\n- Python\n\nNice to have\n- Fortran", STRONG)
    wish = matched("Requirements\n- Fortran\n\nNice to have\n- Python", STRONG)
    assert must.score == 75
    assert wish.score == 25


def test_weights_of_a_person_count() -> None:
    job = extract_requirements("", "Requirements\n- Python\n- Fortran")
    first, second = job.requirements
    heavier = job.model_copy(update={"requirements": (first.model_copy(update={"weight": 3.0}), second)})
    assert match(heavier, read_resume(STRONG, today=TODAY), TODAY).score == 75


def test_hidden_text_never_counts() -> None:
    signals = pdf(STRONG, hidden_characters=40, hidden_excerpt="PostgreSQL PostgreSQL PostgreSQL")
    assert matched(JOB, STRONG, signals=signals) == matched(JOB, STRONG, signals=pdf(STRONG))


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    assert load_catalogue("en").keys() == load_catalogue("ja").keys()
    for job in (JOB, "【必須】\n・簿記2級\n・英語ビジネスレベル\n・大卒以上\n・経理経験3年以上"):
        for resume in (STRONG, STRONG_JA):
            for each in matched(job, resume).requirements:
                for language in ("en", "ja"):
                    sentence = reason_sentence(each.reason, language)
                    assert "{" not in sentence


def test_a_missing_skill_is_not_shown_rather_than_lacking() -> None:
    missing = matched(JOB, STRONG).requirements[1]
    assert reason_sentence(missing.reason, "en") == 'The resume does not show "PostgreSQL".'
    assert reason_sentence(missing.reason, "ja") == "職務経歴書から「PostgreSQL」は確認できません。"
