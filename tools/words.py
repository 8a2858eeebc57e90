"""Check the prose rules that ruff has no rule for: `python -m tools.words`, a part of `make lint`.

Docstrings may not open with a word of `OPENINGS`, and names of modules and classes may not hold a word of
`NAMES`, whose values say what to write instead.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = ("contracts", "deploy", "libs", "services", "tests", "tools")

OPENINGS: Final = frozenset({"what", "whether", "who", "whoever", "of", "where", "as"})
NAMES: Final = {
    "advisor": "model",
    "answered": "response",
    "asking": "request",
    "case": "analysis",
    "consult": "model",
    "facts": "AnalysisContext",
    "heard": "event",
    "judge": "model",
    "lately": "the thing that is recent",
    "letter": "dead letter",
    "news": "public event",
    "opened": "the thing that is open",
    "remember": "cached response",
    "rounds": "periodic task",
    "seen": "assessment",
    "slate": "the thing that is reset",
    "spent": "usage",
    "told": "the thing that is told",
    "zygote": "fork server",
}

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def main() -> int:
    """Print every offence; return the exit status."""
    offences = [offence for path in python_files() for offence in check(path)]
    for offence in offences:
        print(offence)
    return 1 if offences else 0


def python_files() -> Iterator[Path]:
    """Yield the project's own modules."""
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def check(path: Path) -> Iterator[str]:
    """Yield the offences of one module, each with its place."""
    place = path.relative_to(ROOT)
    for word in forbidden_words(path.stem):
        yield f"{place}: the module's name holds '{word}'; write '{NAMES[word]}'"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            for word in forbidden_words(node.name):
                yield f"{place}:{node.lineno}: {node.name} holds '{word}'; write '{NAMES[word]}'"
        # Every string that is a statement documents something: a module, a class, a function or an attribute.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            opening = re.match(r"\W*(\w+)", str(node.value.value))
            if opening and opening[1].lower() in OPENINGS:
                yield f"{place}:{node.lineno}: the docstring opens with '{opening[1]}'"


def forbidden_words(name: str) -> Iterator[str]:
    """Yield the words of a name that the glossary replaces."""
    words = [word.lower() for word in _WORD.findall(name)]
    for position, word in enumerate(words):
        if word.removesuffix("s") == "letter" and words[max(0, position - 1)] == "dead":
            continue
        if word in NAMES:
            yield word
        elif word.removesuffix("s") in NAMES:
            yield word.removesuffix("s")


if __name__ == "__main__":
    sys.exit(main())
