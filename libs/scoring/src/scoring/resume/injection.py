"""Finds in a text what is meant for a language model rather than for a reader."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from scoring.language.edits import Edit, EditedText
from scoring.language.normalization import INVISIBLE, NormalizedText
from scoring.language.text import Span

REMOVED: Final = "[REMOVED]"
# What chat templates and prompts are built of.
_ROLE_MARKER = re.compile(
    r"<\|[^|<>\n]{1,40}\|>"
    r"|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|</?\s*(?:system|assistant|user|developer|human|instructions?|prompt|resume|cv)\b[^<>\n]{0,40}>"
    r"|^[ \t]*(?:#{1,6}[ \t]*)?(?:system|assistant|developer|human|user)[ \t]*(?:prompt|message)?[ \t]*[:：]"
    r"|^[ \t]*`{3,}\w*",
    re.IGNORECASE | re.MULTILINE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_WORDS: Final = {
    "machine": "(?:ai|llm|gpt|chatgpt|claude|(?:language )?model|assistant|bot|parser|grader|evaluator)s?",
    "candidate": "(?:candidate|resume|cv|applicant)",
}
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？\n\r\f\v]")


def find_invisible(text: str) -> list[Edit]:
    """What a reader cannot see, taken out without a trace."""
    changes = [Edit(start=m.start(), end=m.end(), replacement="") for m in INVISIBLE.finditer(text)]
    return changes + [Edit(start=m.start(), end=m.end(), replacement=" ") for m in _CONTROL.finditer(text)]


def find_role_markers(text: str) -> list[Edit]:
    """What would look like a turn of the conversation."""
    return [Edit(start=m.start(), end=m.end(), replacement=" ") for m in _ROLE_MARKER.finditer(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedText:
    """A text as a reader sees it, without what is `hidden`, and what in it reads as instructions: `told`."""

    invisible: Sequence[Edit]
    visible: EditedText
    instructions: Sequence[Edit]

    @property
    def instruction_spans(self) -> list[Span]:
        """Where those sentences stand in the text, whatever is hidden within them."""
        places = [self.visible.origin(change.start, change.end) for change in self.instructions]
        return [place for place in places if place]


def screen_text(text: str) -> ScreenedText:
    """Searched without what is hidden, which could keep an instruction from being found."""
    invisible = find_invisible(text)
    visible = EditedText(text, invisible)
    return ScreenedText(invisible=invisible, visible=visible, instructions=find_instructions(visible.text))


def find_instructions(text: str) -> list[Edit]:
    """The sentences that read as instructions to a model, each a barrier to quotes."""
    normalized = NormalizedText(text)
    found: list[Edit] = []
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    for match in _instruction().finditer(normalized.lower):
        place = normalized.origin(match.start(), match.end())
        before, after = bisect_right(ends, place.start), bisect_left(ends, place.end)
        start = ends[before - 1] if before else 0
        end = ends[after] if after < len(ends) else len(text)
        if found and start < found[-1].end:
            start = found[-1].end
        # The white space around it stays, so that the lines around stay apart.
        inside = text[start:end]
        start, end = start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())
        if start < end:
            found.append(Edit(start=start, end=end, replacement=REMOVED, barrier=True))
    return found


@lru_cache(maxsize=1)
def _instruction() -> re.Pattern[str]:
    lines = (files("scoring") / "instructions.txt").read_text(encoding="utf-8").splitlines()
    either = "|".join(line for line in lines if line and not line.startswith("#"))
    for name, words in _WORDS.items():
        either = either.replace(f"{{{name}}}", words)
    # To ASCII a Japanese character is no part of a word: folded, an English one may stand right behind it.
    return re.compile(either, re.ASCII)
