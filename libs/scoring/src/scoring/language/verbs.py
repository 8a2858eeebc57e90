"""Inflect English verbs."""

import re
from typing import Final, Literal

Form = Literal["past", "third", "base", "participle"]

# Irregular verbs that double their last letter before "-ing".
_DOUBLING: Final = frozenset({"cutt", "sett", "runn", "winn", "hitt", "gett", "lett", "shutt"})
# British English doubles the "l": "modelled", "counselling".
_SINGLE_L = re.compile(r"[^aeiou][aeiou]l$")
_Z = re.compile(r"(?<=i)z(?=e)|(?<=y)z(?=e)")


def inflect(entry: str) -> tuple[str, list[tuple[str, Form]]]:
    """Return the base of a verb and its forms, in American and British spelling.

    `entry` is the base, with the past tense after a slash if it is irregular: "build/built". A form that is
    both past and base ("cut") is given as "past".
    """
    base, _, irregular = entry.partition("/")
    forms: list[tuple[str, Form]] = []
    for spelling in dict.fromkeys((base, _Z.sub("s", base))):
        past = irregular or _past(spelling)
        double = spelling[-1] if _doubles(spelling, past) else ""
        forms += [
            (_stem(spelling) + double + "ing", "participle"),
            (_third_person(spelling), "third"),
            (spelling, "base"),
            (past, "past"),
        ]
        if not irregular and _SINGLE_L.search(spelling):
            forms += [(spelling + "ling", "participle"), (spelling + "led", "past")]
    return base, forms


def _doubles(base: str, past: str) -> bool:
    return base + base[-1] + "ed" == past or base + base[-1] in _DOUBLING


def _stem(base: str) -> str:
    return base[:-1] if base.endswith("e") and not base.endswith("ee") else base


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + "ed"


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "ch", "sh", "go")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + "s"
