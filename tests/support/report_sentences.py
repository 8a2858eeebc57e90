"""Find the generated sentences of a report, apart from quotes and codes, and detect their language."""

import re
from collections.abc import Iterator
from typing import Any, Final

# Fields with text of the resume or the model, and fields with codes.
VERBATIM: Final = {"quote", "target_text", "excerpt", "relevant_achievements", "rewrite", "answers"}
CODES: Final = {
    *("id", "area", "method", "code", "category", "section", "market_tier", "rubric_version"),
    *("ai_analysis_id", "conversion_timestamp", "ai_model_used", "model", "prompt_version", "prompt_sha256"),
}
QUOTED: Final = re.compile(r"「[^」]*」|\"[^\"]*\"")
JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿々]")


def sentences_in(node: Any, field: str = "") -> Iterator[str]:
    """Yield every generated sentence and name of a report."""
    if isinstance(node, str):
        if field not in VERBATIM | CODES:
            yield node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from sentences_in(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from sentences_in(value, field)


def without_sentences(node: Any, field: str = "") -> Any:
    """Replace the sentences of a report by placeholders; numbers, quotes and codes stay."""
    if isinstance(node, str):
        return node if field in VERBATIM | CODES else "..."
    if isinstance(node, dict):
        return {name: without_sentences(value, name) for name, value in node.items()}
    return [without_sentences(value, field) for value in node] if isinstance(node, list) else node


def is_in_language(language: str, sentence: str) -> bool:
    """Return True if the letters of a sentence, apart from quotes, are of a language."""
    letters = [each for each in QUOTED.sub("", sentence) if each.isalpha()]
    japanese = sum(bool(JAPANESE.match(each)) for each in letters)
    return japanese >= 0.4 * len(letters) if language == "ja" else not japanese
