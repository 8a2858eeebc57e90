"""Languages and graded certificates: alternatives, and grades of one certificate among several."""

from datetime import date

import pytest
from contracts.matching import JobRequirements, Kind, Requirement
from matching.evidence.reading import read_resume
from matching.extraction import extract_requirements
from matching.matcher import match
from matching.messages import reason_sentence

TODAY = date(2026, 11, 30)


def outcome(kind: Kind, terms: list[str], line: str, section: str = "CERTIFICATIONS", level: str = "") -> str:
    minimum = {"level": level} if level else None
    fields = {"id": "a", "kind": kind, "importance": "must", "terms": terms, "minimum": minimum}
    job = JobRequirements(requirements=(Requirement.model_validate(fields),))
    resume = f"Kim Park\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- Kept files\n\n{section}\n{line}\n"
    return match(job, read_resume(resume, today=TODAY), TODAY).requirements[0].outcome


@pytest.mark.parametrize(
    ("wanted", "line", "expected"),
    [
        ("簿記2級", "漢検1級、簿記3級", "partly"),
        ("簿記2級", "簿記3級、漢検1級", "partly"),
        ("簿記2級", "漢検3級、簿記1級", "met"),
        ("簿記2級", "日商簿記検定 1級", "met"),
        ("簿記２級", "簿記1級", "met"),
        ("簿記2級", "漢検1級", "not_shown"),
        ("簿記2級", "簿記、漢検1級", "not_shown"),
        ("英検2級", "英検準2級", "partly"),
        ("英検準2級", "英検2級", "met"),
        ("英検3級", "英検5級 / TOEIC 900", "partly"),
        ("簿記2級", "簿記1級 取得予定", "partly"),
    ],
)
def test_the_grade_of_another_certificate_does_not_count(wanted: str, line: str, expected: str) -> None:
    assert outcome("certificate", [wanted], line) == expected


@pytest.mark.parametrize(
    ("terms", "line", "expected"),
    [
        (["english", "german"], "German: native", "met"),
        (["german", "french"], "French: basic", "partly"),
        (["german", "french"], "French: basic, German: fluent", "met"),
        (["Klingon", "german"], "Klingon: fluent", "met"),
        (["ドイツ語"], "German: fluent", "met"),
        (["german", "french"], "Korean: fluent", "not_shown"),
    ],
)
def test_each_alternative_of_a_language_counts(terms: list[str], line: str, expected: str) -> None:
    assert outcome("language", terms, line, "LANGUAGES", "business") == expected


@pytest.mark.parametrize(("line", "expected"), [("German: fluent", "met"), ("Korean: fluent", "not_shown")])
def test_a_language_without_terms_is_read_from_its_quote(line: str, expected: str) -> None:
    quoted = Requirement(id="a", kind="language", importance="must", quote="Good command of German", terms=())
    resume = f"Kim Park\n\nEXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- Kept files\n\nLANGUAGES\n{line}\n"
    found = match(JobRequirements(requirements=(quoted,)), read_resume(resume, today=TODAY), TODAY)
    assert found.requirements[0].outcome == expected
    assert "German" in reason_sentence(found.requirements[0].reason, "en")


@pytest.mark.parametrize(
    ("sentence", "languages"),
    [
        ("Fluent English or German", [("english", "german")]),
        ("Fluent in English, German or French", [("english", "german", "french")]),
        ("Business level English/Japanese", [("english", "japanese")]),
        ("英語または中国語がビジネスレベルの方", [("english", "chinese")]),
        ("英語、中国語、韓国語のいずれかが堪能な方", [("english", "chinese", "korean")]),
        ("Fluent English and German", [("english",), ("german",)]),
        ("Fluent English, German and French", [("english",), ("german",), ("french",)]),
        ("Fluent English and German or French", [("english",), ("german", "french")]),
        ("英語と中国語がビジネスレベルの方", [("english",), ("chinese",)]),
        ("Bilingual English/Japanese", [("english",), ("japanese",)]),
        ("Trilingual English, French, German", [("english",), ("french",), ("german",)]),
        ("Fluent in both spoken/written English or German", [("english", "german")]),
        ("Bilingual (Japanese/English)", [("japanese",), ("english",)]),
        ("Fluent in both English and German", [("english",), ("german",)]),
        ("Fluent in both English/German", [("english",), ("german",)]),
        ("英語/日本語のバイリンガルの方", [("english",), ("japanese",)]),
        ("日本語・英語の両方がビジネスレベルの方", [("japanese",), ("english",)]),
        ("英語、中国語のどちらも堪能な方", [("english",), ("chinese",)]),
        ("Native Japanese, business English or Chinese", [("japanese",), ("english", "chinese")]),
        ("Fluent English / conversational German", [("english",), ("german",)]),
        ("Fluent English or conversational German", [("english", "german")]),
        ("日本語ネイティブ、英語または中国語", [("japanese",), ("english", "chinese")]),
    ],
)
def test_alternatives_of_a_language_are_one_requirement(
    sentence: str, languages: list[tuple[str, ...]]
) -> None:
    found = extract_requirements("", f"Requirements\n- {sentence}").requirements
    assert [each.terms for each in found if each.kind == "language"] == languages
