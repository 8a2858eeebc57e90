"""The sentences of ours in a report, told apart from quotes and codes, and the language that they are in."""

import re
from collections.abc import Iterator
from typing import Any, Final

# Fields that hold the resume's words, and fields that hold a program's.
VERBATIM: Final = {"quote", "target_text", "excerpt", "relevant_achievements", "rewrite", "answers"}
CODES: Final = {
    *("id", "area", "method", "code", "category", "section", "market_tier", "rubric_version"),
    *("ai_analysis_id", "conversion_timestamp", "ai_model_used", "model", "prompt_version", "prompt_sha256"),
}
QUOTED: Final = re.compile(r"「[^」]*」|\"[^\"]*\"")
JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿々]")


def spoken(node: Any, field: str = "") -> Iterator[str]:
    """Every sentence or name of ours in a report."""
    if isinstance(node, str):
        if field not in VERBATIM | CODES:
            yield node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from spoken(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from spoken(value, field)


def unspoken(node: Any, field: str = "") -> Any:
    """A report without its sentences: numbers, quotes, codes, and how many sentences stand where."""
    if isinstance(node, str):
        return node if field in VERBATIM | CODES else "..."
    if isinstance(node, dict):
        return {name: unspoken(value, name) for name, value in node.items()}
    return [unspoken(value, field) for value in node] if isinstance(node, list) else node


def is_in(language: str, sentence: str) -> bool:
    """Whether a sentence is in a language but for what it quotes, counted by letters."""
    letters = [each for each in QUOTED.sub("", sentence) if each.isalpha()]
    japanese = sum(bool(JAPANESE.match(each)) for each in letters)
    return japanese >= 0.4 * len(letters) if language == "ja" else not japanese
