"""Word lists and patterns, kept as data: sections of lines under a name in brackets."""

import re
from functools import cache
from importlib.resources import files


@cache
def load_sections(name: str) -> dict[str, tuple[str, ...]]:
    """Return the lines of each section of a data file, in its order."""
    text = (files("matching") / "data" / f"{name}.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            lines = sections.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return {section: tuple(found) for section, found in sections.items()}


def load_words(section: str) -> frozenset[str]:
    """Return the words of a section of `words.txt`."""
    return frozenset(
        word.replace("_", " ") for line in load_sections("words")[section] for word in line.split()
    )


@cache
def load_patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Return a pattern for each section of `patterns/{name}.txt`. A line is one of its alternatives."""
    return {
        section: re.compile("|".join(lines)) for section, lines in load_sections(f"patterns/{name}").items()
    }
