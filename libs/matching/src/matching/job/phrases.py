"""Reduce what a sentence asks for to its subject: "Strong knowledge of Rust" is about Rust."""

import re
from typing import Final

from contracts.matching import MAX_TERM_CHARACTERS
from scoring.language.terms import Hit
from scoring.language.text import count_japanese, fold

from matching.patterns import load_patterns, load_sections
from matching.vocabulary import load_vocabulary
from matching.words import find_words

_PATTERNS: Final = load_patterns("phrases")
_BRACKETS = re.compile(r"[（(][^()（）]{0,200}[)）]?")
_MOST_WORDS: Final = 5
_MOST_CHARACTERS: Final = 16
_KANJI = re.compile("[一-鿿々]")
# Words for a person end like this.
_PERSONS: Final = frozenset("師士者員官長")
_NAME_WORDS: Final = 3
# A longer phrase is a sentence, whose subject is cut anyway.
_LONGEST: Final = 300


def _edge(section: str, form: str) -> re.Pattern[str]:
    """Return a pattern of what is cut at one edge of a phrase, one piece at a time."""
    sections = load_sections("patterns/phrases")
    words = {"A": sections["adjective"], "N": sections["noun"]}
    lines = [
        re.sub(r"\b[AN](?![a-z])", lambda match: f"(?:{'|'.join(words[match[0]])})", line)
        for line in sections[section]
    ]
    return re.compile(form.format("|".join(lines)), re.IGNORECASE)


_LEAD: Final = _edge("lead", "^(?:{})")
_TRAIL: Final = _edge("trail", "(?:{})$")
_LEAD_JA: Final = _edge("lead_ja", "^(?:{})")
_TRAIL_JA: Final = _edge("trail_ja", "(?:{})$")
_GENERAL: Final = _edge("general", r"^(?:(?:{})\s*)*$")


def subject_of(phrase: str) -> str:
    """Return a phrase without the words around its subject, or "" if it has none."""
    phrase = " ".join(phrase.split())[:_LONGEST]
    before = None
    while phrase != before:
        before = phrase
        phrase = _TRAIL.sub("", _LEAD.sub("", phrase))
        if count_japanese(phrase):
            phrase = _TRAIL_JA.sub("", _LEAD_JA.sub("", phrase))
    phrase = phrase.strip(" ,.;:!'\"()（）「」『』・、。[]【】•-–—")
    is_empty = _GENERAL.match(fold(phrase)) or not (count_japanese(phrase) or find_words(fold(phrase)))
    return "" if is_empty else phrase[:MAX_TERM_CHARACTERS].strip()


def is_name(subject: str) -> bool:
    """Return whether a subject is short enough to be the name of something, rather than a sentence."""
    if count_japanese(subject):
        return len(subject) <= _MOST_CHARACTERS and not re.search(r"[をにがはへ]|する|した|して", subject)
    words = subject.split()
    return len(words) <= _MOST_WORDS and bool(find_words(fold(subject)))


def names_in(phrase: str) -> list[tuple[str, ...]]:
    """Return what a phrase asks for: each tuple is one subject with its alternatives."""
    vocabulary = load_vocabulary()
    known = [phrase[hit.start : hit.end] for hit in vocabulary.find_skills(phrase) if _is_whole(phrase, hit)]
    is_open = bool(_PATTERNS["alternatives"].search(phrase))
    head, *examples = _PATTERNS["examples"].split(phrase)
    if examples:
        named = [subject for part in examples for subject in _items(part)]
        general = _items(_BRACKETS.sub(" ", head))
        if named and len(general) <= 1 and len(named) > 0:
            return [tuple(dict.fromkeys([*general, *named, *known]))]
        phrase = f"{head}, {', '.join(examples)}"
    items = _items(phrase)
    if not items:
        return (
            [(each,) for each in dict.fromkeys(known)] if not is_open else ([tuple(known)] if known else [])
        )
    if len(items) > 1 and _is_list(items, known):
        return [tuple(items)] if is_open else [(item,) for item in items]
    if known:
        covered = sum(map(len, known))
        if is_open and len(known) > 1:
            return [tuple(dict.fromkeys(known))]
        # A long sentence that names a skill in passing is about more than the skill.
        if covered * 5 >= len(phrase) or all(is_name(item) for item in items):
            return [(each,) for each in dict.fromkeys(known)]
    subject = subject_of(phrase)
    return [(subject,)] if subject else []


def _is_whole(phrase: str, hit: Hit) -> bool:
    """Return whether a known skill is a word of its own.

    "監視" is none in "麻酔監視", nor "看護" in "看護師".
    """
    if not count_japanese(phrase[hit.start : hit.end]):
        return True
    follows_kanji = _KANJI.match(phrase[hit.start]) and _KANJI.match(phrase[hit.start - 1 : hit.start])
    return not follows_kanji and phrase[hit.end : hit.end + 1] not in _PERSONS


def _is_list(items: list[str], known: list[str]) -> bool:
    """Return whether the parts of a phrase are names of their own, rather than one task in several words."""
    if not all(is_name(item) for item in items):
        return False
    if count_japanese("".join(items)):
        return True
    short = all(len(item.split()) <= _NAME_WORDS for item in items)
    is_known = any(fold(name) in fold(item) for name in known for item in items)
    return short and (is_known or len(items) > 2 or all(item[0].isupper() for item in items))


def _items(phrase: str) -> list[str]:
    found = [subject_of(part) for part in _PATTERNS["between"].split(phrase)]
    return list(dict.fromkeys(item for item in found if item))
