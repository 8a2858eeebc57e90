"""Whether a rewrite says nothing that the resume does not: no number, no name, no skill, no other language.

What a reader would have to know to tell, code cannot: a number of the passage may stand for something else in
the rewrite, and a name in Japanese script looks like any word.
"""

import re
import unicodedata
from typing import Final

from scoring import Rubric
from scoring.language.normalization import NormalizedText
from scoring.language.text import count_japanese, fold, is_foreign
from scoring.resume.amounts import find_amounts
from scoring.resume.openings import read_opening

# What the person has to fill in: "[X %]", "[N]", "[date]", "[$X]M", "[X hours]", "[数値]".
_PLACEHOLDER = re.compile(
    r"\[\s?(?:[$€£¥]\s?)?(?:[XYN]{1,2}|[a-z]{2,12}(?: [a-z]{2,12}){0,3}|[ぁ-ヿ一-鿿]{1,10})"
    r"(?:\s?(?:[%％KMkm]|[a-z]{1,12}(?: [a-z]{2,12}){0,2}|[ぁ-ヿ一-鿿]{1,10}))?\s?\]"
    r"(?:[KMBkmb](?![A-Za-z]))?"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9+#]*(?:\.[A-Za-z0-9]+)*")
# What a sentence may begin with besides a verb.
_SMALL: Final = frozenset(
    {"it", "this", "that", "these", "they", "the", "in", "with", "by", "as", "for", "on", "to", "also"}
)
# Where a sentence begins, a capital says nothing.
_BEGINS = re.compile(r"(?:^|[.!?:;]\s+|[•・-]\s+)$")


def is_faithful(rewrite: str, original: str, resume: str, rubric: Rubric) -> bool:
    """`original` is the passage, `resume` all that was shown of the resume."""
    said = NormalizedText(_PLACEHOLDER.sub(" ", unicodedata.normalize("NFKC", rewrite))).text.strip()
    passage = NormalizedText(original).text.strip()
    known = NormalizedText(resume).text
    return bool(
        said
        and "[" not in said
        and NormalizedText(rewrite).text.strip() != passage
        and (count_japanese(said) > 0) == (count_japanese(passage) > 0)
        and (is_foreign(passage) or not is_foreign(said))
        and not _numbers(said) - _numbers(passage)
        and not _amounts_in_words(said) - _amounts_in_words(passage)
        and not _new_names(said, known, rubric)
        and not _new_skills(said, known, rubric)
    )


def _numbers(text: str) -> set[str]:
    return {match.group().replace(",", "") for match in _NUMBER.finditer(text)}


def _amounts_in_words(text: str) -> set[str]:
    folded = fold(text)
    found = find_amounts(text, folded)
    amounts = (folded[span.start : span.end].strip() for span in (*found.measured, *found.decorative))
    return {amount for amount in amounts if not _NUMBER.search(amount)}


def _new_names(said: str, known: str, rubric: Rubric) -> bool:
    """Names of tools and companies are told by capitals, digits and signs; in Japanese by Latin letters."""
    words = {_singular(match.group()) for match in _TOKEN.finditer(known)}
    is_japanese = count_japanese(said) > 0
    for match in _TOKEN.finditer(said):
        token = match.group()
        if _singular(token) in words or not (is_japanese or _is_name(token)):
            continue
        begins = token.istitle() and _BEGINS.search(said[: match.start()])
        if is_japanese or not (
            begins and (token.lower() in _SMALL or _is_verb(said[match.start() :], rubric))
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


def _new_skills(said: str, known: str, rubric: Rubric) -> bool:
    """Lower case does not hide a skill of a group that the resume does not speak of at all. Of those that it
    does, other words may stand: they are as often plain ones ("on schedule") as names of tools."""
    index = rubric.skill_index
    shown = {hit.group for hit in index.find(known, fold(known))}
    return any(hit.group not in shown for hit in index.find(said, fold(said)))
