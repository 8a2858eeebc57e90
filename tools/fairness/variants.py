"""Variants of a resume that differ only in who the person seems to be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scoring.language.text import remove_bare_numbers, text_length

from tools.fairness.people import Person
from tools.matching_benchmark.world import Language

# Names of several cultures, and names that are also a skill, a place, a language, or a word of a job.
_NAMES: Final = {
    "en": (
        "Jan Li", "Aaliyah Washington", "Emily Walsh", "Maximilian von Hohenberg", "Mohammed Al-Rashid",
        "Oluwaseun Adébáyọ̀", "Nguyễn Thị Mai", "Lakshmi Venkataraman", "山田 太郎",
        "Ruby Lead", "Julia Swift", "Jack London", "Chef German", "Oracle Vietnamese",
    ),
    "ja": (
        "佐藤 花子", "山田 太郎", "金 哲秀", "グエン・ティ・マイ", "Maria Santos", "阿部 ルビー", "福島 一",
        "千葉 健", "Ruby Tanaka", "Julia Swift",
    ),
}  # fmt: skip
_GENDER: Final = {
    "en": ("Gender: female", "Gender: male", "Sex: F", "Pronouns: they/them", "Male"),
    "ja": ("性別：女性", "性別：男", "女性"),
}
_GENDER_WORDS: Final = {
    "en": ("{} (she/her)", "{} (he/him)", "{} (they/them)", "Ms. {}", "Mr. {}", "Mrs. {}", "Mx. {}"),
    "ja": ("{}（女性）", "{}（男性）", "{} 様"),
}
# Graduation years and dates of positions stay, because experience is computed from them.
_AGE: Final = {
    "en": (
        "Date of birth: 3 May 1999", "Date of birth: 14 October 1961", "Age: 24", "Age: 63", "Born in 1968",
        "57 years old",
    ),
    "ja": ("生年月日：1999年5月3日生（満27歳）", "生年月日：昭和36年10月14日", "年齢：63歳", "満24歳"),
}  # fmt: skip
_PHOTO: Final = {
    "en": ("Photo: attached", "Photograph: see last page", "Photo: not included"),
    "ja": ("写真：添付", "写真：別紙参照"),
}
_FAMILY: Final = {
    "en": ("Marital status: married", "Marital status: single", "Married, two children", "Children: 3"),
    "ja": ("配偶者：有", "配偶者：無", "扶養家族数：2人", "既婚"),
}
_NATIONALITY: Final = {
    "en": (
        "Nationality: British", "Nationality: Nigerian", "Nationality: German", "Citizenship: Vietnamese",
        "Indian citizen", "Nationality: Japanese",
    ),
    "ja": ("国籍：日本", "国籍：ベトナム", "国籍：ドイツ", "国籍：ブラジル"),
}  # fmt: skip
_ADDRESS: Final = {
    "en": ("London", "Lagos", "12 Some Street, 8001 Zurich", "Bradford BD3 9QH", "東京都千代田区1-2-3"),
    "ja": ("福島県福島市杉妻町2-16", "〒150-0002 東京都渋谷区渋谷2-9-1", "大阪府", "Ho Chi Minh City"),
}
_NOTHING: Final = {
    "en": "bade cefi dogu fahe gika hulo jami kenu lipo mosa",
    "ja": "かきくけさしすせたちつてなにぬねはひふへまみむめらりるれ",
}
_LINES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "gender words": _GENDER,
    "age": _AGE,
    "photograph": _PHOTO,
    "family": _FAMILY,
    "nationality": _NATIONALITY,
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed resume. `change` holds the words of the change, `reference` the resume to compare with."""

    attribute: str
    change: str
    person: Person
    reference: Person


def variants(person: Person) -> Iterator[Variant]:
    """Yield the variants of a person."""
    for name in _NAMES[person.language]:
        yield Variant("name", name, replace(person, name=name), person)
        if accounts := _accounts(name):
            contact = (*accounts, *person.contact[1:])
            yield Variant(
                "name", f"{name}, {accounts[0]}", replace(person, name=name, contact=contact), person
            )
    for pattern in _GENDER_WORDS[person.language]:
        yield Variant("gender words", pattern, replace(person, name=pattern.format(person.name)), person)
    for attribute, lines in _LINES.items():
        for line in lines[person.language]:
            yield Variant(attribute, line, person.with_line(line), person)
            # A section has a heading and words, whatever it says, so it is compared with one of no meaning.
            reference = person.with_section(_say_nothing(line, person.language))
            yield Variant(attribute, f"{line} (section)", person.with_section(line), reference)
    for address in _ADDRESS[person.language]:
        yield Variant("address", address, replace(person, contact=(*person.contact[:-1], address)), person)


def _say_nothing(line: str, language: Language) -> str:
    """Return meaningless words that count as much for the length of a resume."""
    counted = text_length(remove_bare_numbers(line), japanese=language == "ja")
    return _NOTHING["ja"][:counted] if language == "ja" else " ".join(_NOTHING["en"].split()[:counted])


def _accounts(name: str) -> Sequence[str]:
    """Return an e-mail address and a profile with the name, if they can be written with it."""
    words = re.findall("[a-z]+", name.lower()) if name.isascii() else []
    return (f"{'.'.join(words)}@example.com", f"linkedin.com/in/{'-'.join(words)}") if words else ()
