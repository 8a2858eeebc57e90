"""Read the verb of a bullet: at the start in English, at the end in Japanese."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from scoring.language.text import count_japanese, remove_bare_numbers
from scoring.rubric import Rubric

_WORD = re.compile(r"[a-z][a-z'-]*")
Strength = Literal["strong", "plain", "weak", "none"]
Tense = Literal["past", "base", "polite", "plain-form"]
# The main verb of a Japanese bullet is within this many characters of its end.
_ENDING: Final = 14
# Numbers after the verb ("を担当 42 99%") do not change the meaning.
_ENDING_SIGNS: Final = "。.、,()[] \r\n0123456789%+~-"
_VERB_TAIL = re.compile(r"(?:を|に|も|の|が)?(?:し|する)?(?:まし|て|おり|い)*(?:た|ます|る|う|です)?$")
_POLITE = re.compile(r"(?:ました|ます|です|でした)$")


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening words of a bullet, `text[:end]`. `verb` is the base form where it is known."""

    strength: Strength
    end: int
    verb: str
    tense: Tense | None
    is_result: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    forms: dict[str, tuple[str, Tense | None]]
    results: frozenset[str]
    weak: tuple[str, ...]


@lru_cache(maxsize=8)
def _lexicon(strong: tuple[str, ...], results: tuple[str, ...], weak: tuple[str, ...]) -> _Lexicon:
    forms: dict[str, tuple[str, Tense | None]] = {}
    for entry in strong:
        base, _, irregular = entry.partition("/")
        past = irregular or _past(base)
        double = base[-1] if base + base[-1] + "ed" == past or base + base[-1] in _DOUBLING else ""
        stem = base[:-1] if base.endswith("e") and not base.endswith("ee") else base + double
        forms[stem + "ing"] = (base, None)
        forms[_third_person(base)] = (base, "base")
        forms[base] = (base, None if base in _NOUNS or base == "found" else "base")
        # "cut" has the same form in both tenses.
        forms[past] = (base, None if past == base else "past")
    ordered = tuple(sorted(weak, key=lambda phrase: (-len(phrase), phrase)))
    return _Lexicon(forms, frozenset(results), ordered)


# Irregular verbs that double their last letter before "-ing".
_DOUBLING: Final = frozenset({"cutt", "sett", "runn", "winn"})
# Base forms that are often nouns or adjectives: "Lead engineer", "Research on ...".
_NOUNS: Final = frozenset(
    {"lead", "project", "research", "model", "program", "test", "process", "design", "map"}
    | {"plan", "host", "head", "coach", "lower", "care", "repair", "rank", "pitch"}
)


def _names_a_role(folded: str, end: int, titles: tuple[str, ...]) -> bool:
    following = _WORD.match(folded, end + 1)
    return following is not None and following.group() in ("of", "on", "for", *titles)


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "ch", "sh")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + "s"


def read_opening(text: str, folded: str, rubric: Rubric) -> Opening:
    """Return the opening of one bullet. `folded` is `fold(text)`."""
    if count_japanese(text) * 3 > len(remove_bare_numbers(text).strip()):
        return _read_japanese(folded, rubric)
    return _read_english(folded, rubric)


def _read_english(folded: str, rubric: Rubric) -> Opening:
    words = rubric.words["en"]
    lexicon = _lexicon(words.strong_verbs, words.result_verbs, words.weak_openings)
    first = _WORD.search(folded, 0, 40)
    if first is None:
        return Opening("none", 0, "", None, False)
    # An adverb or a pronoun may precede the verb.
    word = first.group()
    if (word.endswith("ly") and len(word) > 4) or word in ("i", "we", "also", "then"):
        first = _WORD.search(folded, first.end(), first.end() + 40) or first
    rest = folded[first.start() : first.start() + 60]
    for phrase in lexicon.weak:
        if rest.startswith(phrase) and not rest[len(phrase) : len(phrase) + 1].isalnum():
            return Opening("weak", first.start() + len(phrase), phrase, None, False)
    word = first.group()
    known = lexicon.forms.get(word) or lexicon.forms.get(word.removeprefix("co-"))
    known = known or lexicon.forms.get(word.removeprefix("re-"))
    if known:
        verb, tense = known
        if word in _NOUNS and _names_a_role(folded, first.end(), (*words.roles, *words.executive_titles)):
            return Opening("none", first.end(), "", None, False)
        return Opening("strong", first.end(), verb, tense, verb in lexicon.results)
    if word.endswith("ed") and len(word) > 4:
        return Opening("plain", first.end(), word, "past", False)
    return Opening("none", first.end(), "", None, False)


def _read_japanese(folded: str, rubric: Rubric) -> Opening:
    words = rubric.words["ja"]
    folded = folded.rstrip(_ENDING_SIGNS)
    ending = folded[-60:]
    polite = _POLITE.search(ending) is not None
    tense: Tense = "polite" if polite else "plain-form"
    stem = _VERB_TAIL.sub("", ending, count=1)
    is_result = any(verb in folded for verb in words.result_verbs)
    for weak in words.weak_endings:
        if stem.endswith(weak) or ending.endswith(weak):
            return Opening("weak", 0, weak, tense, False)
    found = [verb for verb in words.strong_verbs if verb in folded]
    if found:
        last = max(found, key=lambda verb: (folded.rfind(verb), len(verb)))
        near = folded.rfind(last) >= len(folded) - _ENDING - len(last)
        return Opening("strong" if near else "plain", 0, last, tense, is_result)
    return Opening("none", 0, "", tense, is_result)
