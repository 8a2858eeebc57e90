"""Check that a rewrite adds no number, name, skill or language that the resume does not have.

Two cases escape the check because they take understanding: a number of the passage may describe something
else in the rewrite, and a name in Japanese script looks like any word.
"""

import re
import unicodedata
from typing import Final

from scoring.language.detection import is_foreign
from scoring.language.normalization import NormalizedText
from scoring.language.text import count_japanese, fold
from scoring.resume.amounts import find_amounts
from scoring.resume.openings import read_opening
from scoring.rubric import Rubric

# Placeholders for the person to fill in: "[X %]", "[N]", "[date]", "[$X]M", "[X hours]", "[数値]".
_PLACEHOLDER = re.compile(
    r"\[\s?(?:[$€£¥]\s?)?(?:[XYN]{1,2}|[a-z]{2,12}(?: [a-z]{2,12}){0,3}|[ぁ-ヿ一-鿿]{1,10})"
    r"(?:\s?(?:[%％KMkm]|[a-z]{1,12}(?: [a-z]{2,12}){0,2}|[ぁ-ヿ一-鿿]{1,10}))?\s?\]"
    r"(?:[KMBkmb](?![A-Za-z]))?"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9+#]*(?:\.[A-Za-z0-9]+)*")
# Words besides verbs that may open a sentence.
_OPENING_WORDS: Final = frozenset(
    {"it", "this", "that", "these", "they", "the", "in", "with", "by", "as", "for", "on", "to", "also"}
)
# The start of a sentence, where a capital does not mark a name.
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[•・-]\s+)$")


def is_faithful(rewrite: str, original: str, resume: str, rubric: Rubric) -> bool:
    """Tell whether a rewrite only says what the resume says.

    Args:
        rewrite: The rewrite.
        original: The passage that it replaces.
        resume: The text of the resume that the model was shown.
        rubric: The rubric, for its skills and verbs.
    """
    rewritten = NormalizedText(_PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", rewrite))).text.strip()
    passage = NormalizedText(original).text.strip()
    known = NormalizedText(resume).text
    return bool(
        rewritten
        and "[" not in rewritten
        and NormalizedText(rewrite).text.strip() != passage
        and (count_japanese(rewritten) > 0) == (count_japanese(passage) > 0)
        and (is_foreign(passage) or not is_foreign(rewritten))
        and not _numbers(rewritten) - _numbers(passage)
        and not _amounts_in_words(rewritten) - _amounts_in_words(passage)
        and not _new_names(rewritten, known, rubric)
        and not _new_skills(rewritten, known, rubric)
    )


def _numbers(text: str) -> set[str]:
    return {match.group().replace(",", "") for match in _NUMBER.finditer(text)}


def _amounts_in_words(text: str) -> set[str]:
    folded = fold(text)
    found = find_amounts(text, folded)
    amounts = (folded[span.start : span.end].strip() for span in (*found.measured, *found.decorative))
    return {amount for amount in amounts if not _NUMBER.search(amount)}


def _new_names(rewritten: str, known: str, rubric: Rubric) -> bool:
    """Tell whether a rewrite names a tool or company that the resume does not.

    Capitals, digits and signs mark a name; in Japanese text, Latin letters do.
    """
    words = {_singular(match.group()) for match in _TOKEN.finditer(known)}
    is_japanese = count_japanese(rewritten) > 0
    for match in _TOKEN.finditer(rewritten):
        token = match.group()
        if _singular(token) in words or not (is_japanese or _is_name(token)):
            continue
        starts_sentence = token.istitle() and _SENTENCE_START.search(rewritten[: match.start()])
        if is_japanese or not (
            starts_sentence
            and (token.lower() in _OPENING_WORDS or _is_verb(rewritten[match.start() :], rubric))
        ):
            return True
    return False


def _is_name(token: str) -> bool:
    return token not in ("A", "I") and not token.islower()


def _is_verb(text: str, rubric: Rubric) -> bool:
    return read_opening(text, fold(text), rubric).strength in ("strong", "plain", "weak")


def _singular(token: str) -> str:
    lower = token.lower()
    return lower[:-1] if lower.endswith("s") and len(lower) > 2 else lower


def _new_skills(rewritten: str, known: str, rubric: Rubric) -> bool:
    """Tell whether a rewrite names a skill of a group that the resume does not mention, even in lower case.

    Other words of a mentioned group are allowed: they are as often plain words ("on schedule") as tools.
    """
    index = rubric.skill_index
    mentioned = {hit.group for hit in index.find(known, fold(known))}
    return any(hit.group not in mentioned for hit in index.find(rewritten, fold(rewritten)))
