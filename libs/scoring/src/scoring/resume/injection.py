"""Find text that addresses a language model rather than a reader."""

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
# Markers that chat templates and prompts are built from.
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
_JAPANESE = re.compile(r"[ぁ-ヺ一-鿿]")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？\n\r\f\v]")


def find_invisible(text: str) -> list[Edit]:
    """Return edits that remove the characters that a reader cannot see."""
    edits = [Edit(start=m.start(), end=m.end(), replacement="") for m in INVISIBLE.finditer(text)]
    return edits + [Edit(start=m.start(), end=m.end(), replacement=" ") for m in _CONTROL.finditer(text)]


def find_role_markers(text: str) -> list[Edit]:
    """Return edits that remove markers of a turn in a conversation."""
    return [Edit(start=m.start(), end=m.end(), replacement=" ") for m in _ROLE_MARKER.finditer(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedText:
    """A text without its invisible characters, and the sentences in it that read as instructions.

    `instructions` refer to `visible`; `invisible` refers to the original text.
    """

    invisible: Sequence[Edit]
    visible: EditedText
    instructions: Sequence[Edit]

    @property
    def instruction_spans(self) -> list[Span]:
        """Spans of the instructions in the original text, including invisible characters within them."""
        spans = [self.visible.origin(edit.start, edit.end) for edit in self.instructions]
        return [span for span in spans if span]


def screen_text(text: str) -> ScreenedText:
    """Find instructions in the visible text. Invisible characters could otherwise hide an instruction."""
    invisible = find_invisible(text)
    visible = EditedText(text, invisible)
    return ScreenedText(invisible=invisible, visible=visible, instructions=find_instructions(visible.text))


def find_instructions(text: str) -> list[Edit]:
    """Return edits that remove the sentences which read as instructions to a model. Each one bars quotes."""
    normalized = NormalizedText(text)
    found: list[Edit] = []
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    in_japanese = _JAPANESE.search(normalized.text) is not None
    for match in _instruction_pattern(in_japanese=in_japanese).finditer(normalized.lower):
        span = normalized.origin(match.start(), match.end())
        before, after = bisect_right(ends, span.start), bisect_left(ends, span.end)
        start = ends[before - 1] if before else 0
        end = ends[after] if after < len(ends) else len(text)
        if found and start < found[-1].end:
            start = found[-1].end
        # Surrounding white space stays, so that the neighbouring lines stay separate.
        inside = text[start:end]
        start, end = start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())
        if start < end:
            found.append(Edit(start=start, end=end, replacement=REMOVED, barrier=True))
    return found


@lru_cache(maxsize=2)
def _instruction_pattern(*, in_japanese: bool) -> re.Pattern[str]:
    """Return the pattern of instructions: the English ones, and those in Japanese where it is needed."""
    lines = (files("scoring") / "instructions.txt").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    pattern = "|".join(line for line in patterns if in_japanese or not _JAPANESE.search(line))
    for name, words in _WORDS.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    # Normalization may put an English word directly after a Japanese character. In ASCII mode there is a word
    # boundary between them.
    return re.compile(pattern, re.ASCII)
