"""Read the lists of skills and the spoken languages of a resume."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scoring.resume.resume import Resume

_LABEL = re.compile(r"^(?P<label>[^:：,、]{2,40})\s?[:：]\s*(?P<items>.+)$")
_ITEM = re.compile(r"[,、;；|｜／•·・]\s*|\s+/\s+|\t")
_SIGN = re.compile(r"^[\s•‣◦▪●○–—*·・-]+")
_BRACKETS = re.compile(
    r"^(?P<name>[^()（）]+?)\s*[(（](?P<level>[^()（）]{1,60})[)）]$"
    r"|^(?P<name2>[^-–—:：]+?)\s*[-–—:：]\s*(?P<level2>.{1,60})$"
)
_SPOKEN: Final = frozenset(
    (  # noqa: SIM905 - one word a line would take a page
        "arabic bengali bulgarian cantonese catalan chinese croatian czech danish dutch english "
        "estonian finnish french german greek "
        "hebrew hindi hungarian icelandic indonesian italian japanese korean latvian lithuanian malay "
        "mandarin norwegian persian polish "
        "portuguese punjabi romanian russian serbian slovak slovenian spanish swahili swedish tagalog "
        "tamil thai turkish ukrainian urdu "
        "vietnamese welsh 日本語 英語 中国語 韓国語 フランス語 ドイツ語 スペイン語 イタリア語 ロシア語 "
        "ポルトガル語 タイ語 ベトナム語"
    ).split()
)
_LONGEST: Final = 60
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill, or a group of skills with its members."""

    name: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A spoken language with the level that the resume gives it, if any."""

    language: str
    fluency: str | None


def find_skills(resume: Resume) -> tuple[list[Skill], list[SpokenLanguage]]:
    """Return the skills and spoken languages in the sections about skills. Sentences are left out."""
    skills: list[Skill] = []
    languages: list[SpokenLanguage] = []
    for line in _lines(resume):
        label = _LABEL.match(line)
        items = [item.strip(" .。") for item in _ITEM.split(label["items"] if label else line)]
        items = [item for item in items if item and len(item) <= _LONGEST]
        spoken = [language for item in items if (language := _spoken(item))]
        if label and not spoken and (whole := _spoken(line)):
            languages.append(whole)
            continue
        languages += spoken
        rest = [item for item in items if _spoken(item) is None]
        if label and rest:
            skills.append(Skill(label["label"].strip(), tuple(rest)))
        elif not line.endswith((".", "。")):
            skills += [Skill(item, ()) for item in rest]
    return list(dict.fromkeys(skills))[:_MOST], list(dict.fromkeys(languages))[:_MOST]


def _lines(resume: Resume) -> Iterator[str]:
    for section in resume.sections_of_kind("skills"):
        for line in resume.lines:
            if not section.start <= line.start < section.end:
                continue
            start = line.start
            if section.title and line.start <= section.title.start < line.end:
                start = section.title.end
            text = _SIGN.sub("", resume.text[start : line.end].lstrip(" \t:：】〕］]"))
            if text:
                yield text


def _spoken(item: str) -> SpokenLanguage | None:
    if item.lower() in _SPOKEN:
        return SpokenLanguage(item, None)
    match = _BRACKETS.match(item)
    name = (match["name"] or match["name2"]).strip() if match else ""
    if match and name.lower() in _SPOKEN:
        return SpokenLanguage(name, (match["level"] or match["level2"]).strip())
    words = item.split(" ", 1)
    if len(words) == 2 and words[-1].lower() in _SPOKEN:
        return SpokenLanguage(words[-1], words[0])
    return None
