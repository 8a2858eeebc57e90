"""Read the verb of a bullet: at the start in English, at the end in Japanese."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from scoring.language.text import count_japanese, remove_bare_numbers
from scoring.language.verbs import inflect
from scoring.rubric import Rubric

_WORD = re.compile(r"[a-z][a-z'-]*")
_WORD_OR_NUMBER = re.compile(r"\s+([a-z]+|\d+)")
_LABEL = re.compile(r"\W{0,3}(?P<first>[a-z]+)[\w&/,'() -]{0,40}?(?::| -) ?(?P<verb>[a-z][a-z'-]*)")
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
class VerbLexicon:
    """The forms of the verbs that open a bullet, each with its base and tense."""

    forms: dict[str, tuple[str, Tense | None]]
    results: frozenset[str]
    weak: tuple[str, ...]


def _build_lexicon(rubric: Rubric) -> VerbLexicon:
    words = rubric.words["en"]
    forms: dict[str, tuple[str, Tense | None]] = {}
    for entry in words.strong_verbs:
        base, inflected = inflect(entry)
        # "cut" has the same form in both tenses.
        is_ambiguous = entry == f"{base}/{base}"
        for word, form in inflected:
            tense: Tense | None = None if form == "participle" else "past" if form == "past" else "base"
            if word == base and (is_ambiguous or base in _NOUNS or base == "found"):
                tense = None
            forms[word] = (base, tense)
    ordered = tuple(sorted(words.weak_openings, key=lambda phrase: (-len(phrase), phrase)))
    return VerbLexicon(forms, frozenset(words.result_verbs), ordered)


def verb_lexicon(rubric: Rubric) -> VerbLexicon:
    """Return the English verbs of a rubric. It is built once."""
    return rubric.derived(_build_lexicon)


# Base forms that are often nouns or adjectives: "Lead engineer", "Research on ...".
_NOUNS: Final = frozenset(
    {"lead", "project", "research", "model", "program", "test", "process", "design", "map"}
    | {"plan", "host", "head", "coach", "lower", "care", "repair", "rank", "pitch"}
)
# Base forms that open a bullet as a verb only before an article or a pronoun: "Market research", "Team of 8".
_MOSTLY_NOUNS: Final = frozenset(
    {
        "advance",
        "answer",
        "award",
        "bid",
        "broker",
        "campaign",
        "cast",
        "catalog",
        "catalogue",
        "chart",
        "code",
    }
    | {"command", "commission", "contract", "control", "craft", "crew", "document", "drill", "end", "escort"}
    | {
        "estimate",
        "exhibit",
        "experiment",
        "ferry",
        "field",
        "file",
        "film",
        "finance",
        "fund",
        "gain",
        "grade",
    }
    | {"graft", "grant", "halt", "harvest", "import", "invoice", "issue", "judge", "label", "land", "lecture"}
    | {"lift", "license", "lobby", "log", "machine", "market", "master", "measure", "mill", "nurse", "offer"}
    | {
        "open",
        "outline",
        "pack",
        "package",
        "paint",
        "pass",
        "patrol",
        "photograph",
        "plant",
        "play",
        "police",
    }
    | {
        "port",
        "practice",
        "price",
        "print",
        "probe",
        "profile",
        "purchase",
        "query",
        "rally",
        "rear",
        "recall",
    }
    | {
        "record",
        "reform",
        "remedy",
        "report",
        "rescue",
        "reserve",
        "rig",
        "roast",
        "route",
        "sail",
        "salvage",
    }
    | {
        "sample",
        "scan",
        "score",
        "scout",
        "screen",
        "script",
        "seed",
        "separate",
        "service",
        "shape",
        "sketch",
    }
    | {
        "sort",
        "sponsor",
        "spot",
        "staff",
        "stage",
        "stitch",
        "stock",
        "store",
        "study",
        "style",
        "substitute",
    }
    | {"supply", "survey", "switch", "tailor", "time", "toast", "tour", "trace", "track", "trade", "transfer"}
    | {"transport", "travel", "trim", "tutor", "update", "upgrade", "visit", "voice", "volunteer", "warn"}
    | {"wash", "watch", "wire", "moderate", "correct", "clean", "clear", "smooth", "adapt", "call", "value"}
    | {"tackle", "tally", "read", "ride", "show", "sign", "sing", "shoot", "pay", "buy", "dig", "lay", "fit"}
)
_DETERMINERS: Final = frozenset(
    {
        "a",
        "all",
        "an",
        "and",
        "any",
        "each",
        "every",
        "its",
        "new",
        "our",
        "the",
        "their",
        "these",
        "up",
        "with",
    }
)
# Adjectives that look like a past tense: "Experienced team player".
_ADJECTIVES: Final = frozenset(
    {
        "based",
        "committed",
        "dedicated",
        "detailed",
        "educated",
        "experienced",
        "gifted",
        "interested",
        "limited",
    }
    | {"motivated", "needed", "related", "required", "seasoned", "skilled", "talented", "well-versed"}
)


def _names_a_role(folded: str, end: int, titles: tuple[str, ...]) -> bool:
    following = _WORD.match(folded, end + 1)
    return following is not None and following.group() in ("of", "on", "for", *titles)


def _end_of_label(folded: str, lexicon: VerbLexicon) -> int:
    """Return the end of a label before the verb ("Leadership: Led a crew of 12"), or 0."""
    label = _LABEL.match(folded)
    if label is None or label["verb"] not in lexicon.forms or label[0].lstrip().startswith(lexicon.weak):
        return 0
    _, tense = lexicon.forms.get(label["first"], ("", None))
    return 0 if tense == "past" else label.start("verb")


def _takes_object(folded: str, end: int) -> bool:
    following = _WORD_OR_NUMBER.match(folded, end)
    return following is not None and (following[1].isdigit() or following[1] in _DETERMINERS)


def read_opening(text: str, folded: str, rubric: Rubric) -> Opening:
    """Return the opening of one bullet. `folded` is `fold(text)`."""
    return _read_japanese(folded, rubric) if reads_as_japanese(text) else _read_english(folded, rubric)


def reads_as_japanese(text: str) -> bool:
    """Return whether a bullet is Japanese, even with Latin names and numbers."""
    return not text.isascii() and count_japanese(text) * 3 > len(remove_bare_numbers(text).strip())


def _read_english(folded: str, rubric: Rubric) -> Opening:
    words = rubric.words["en"]
    lexicon = verb_lexicon(rubric)
    start = _end_of_label(folded, lexicon)
    first = _WORD.search(folded, start, start + 40)
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
    # "Fine-tuned", "Cross-trained".
    known = known or (word.endswith("ed") and lexicon.forms.get(word.rpartition("-")[2])) or None
    if known and word in _MOSTLY_NOUNS and not _takes_object(folded, first.end()):
        return Opening("none", first.end(), "", None, False)
    if known:
        verb, tense = known
        if word in _NOUNS and _names_a_role(folded, first.end(), (*words.roles, *words.executive_titles)):
            return Opening("none", first.end(), "", None, False)
        return Opening("strong", first.end(), verb, tense, verb in lexicon.results)
    if word.endswith("ed") and len(word) > 4 and word not in _ADJECTIVES:
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
