"""Join two rows of a paragraph. Remove a hyphen that only marks the break, and mend words cut without one."""

import re
from collections.abc import Collection
from typing import Final

from documents.layout.english_words import is_closed_compound, is_word
from documents.layout.normalize import CJK

# A line may also break between two digits or letters of full width.
_WIDE: Final = "０-９Ａ-Ｚａ-ｚ"
ENDS_CJK = re.compile(f"[{CJK}{_WIDE}々〆ー、。，．・）」』】]$")
STARTS_CJK = re.compile(f"^[{CJK}{_WIDE}（「『【、。，．）」』】]")
# The last characters of a text, so that the time for a match does not grow with its length.
TAIL: Final = 60
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_NUMBER = re.compile(rf"(?:^|[\s({CJK}])\+?[\d.,]*\d-$")
# "A/" and "B testing".
_SLASH = re.compile(r"[^\W_]/$")
_LETTERS = re.compile(r"[^\W\d_]+")
# These marks hold their own white space.
_ENDS_WIDE_MARK: Final = re.compile("[、。，．：；（「『【・／]$")
_STARTS_WIDE_MARK: Final = re.compile("[、。，．：；）」』】・／]")
# A dash without a space before it has none behind it: "Jun 2014–".
TIGHT_DASH: Final = re.compile(r"[^\W_][–—]$")
_ENDS_LATIN: Final = re.compile(r"[A-Za-z]+$")
_LATIN: Final = re.compile(r"[A-Za-z]+")
_HAS_JAPANESE: Final = re.compile(f"[{CJK}、。：]")
# A token of an e-mail address or URL.
_ADDRESS_PART = re.compile(r"@|://|^www\.|\.(?:com|org|net|io|dev|edu|gov|me|app|ai|co|uk|de|fr|jp)\b")
# "end-to-" and "end", "state-" and "of-the-art".
_CHAIN = re.compile(r"-(?:of|to|the|in|on|by|and|for|over|up|a|go|at)-$")
_LONGER = re.compile(r"(?:of|to|the|in|on|by|and|for|over|up)-")
# "pre- and post-sales": the hyphen stands for the rest of a compound.
_CONJUNCTIONS: Final = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"})
# First parts of English compounds, which keep their hyphen if a common word follows. Two letters are usually
# a syllable ("re-sponsible"). Of those, the ones in _SHORT_HEADS form compounds with few words.
_KEEPS_HYPHEN: Final = frozenset({"anti", "co", "mid", "multi", "post", "pre", "semi"})
_ALWAYS_KEEPS_HYPHEN: Final = frozenset({"cross", "e", "non", "self", "well"})
_SHORT_HEADS: Final[dict[str, set[str]]] = {
    "in": {"house", "store", "depth", "person", "app", "field", "country", "flight", "vehicle", "process"}
    | {"memory"},
    "on": {"site", "call", "time", "shelf", "demand", "premise", "premises", "device", "air", "going"},
    "by": {"product", "products", "law", "laws"},
    "up": {"to", "sell", "selling", "and"},
    "go": {"to", "live"},
    "to": {"do"},
}
# Second parts of compounds with a verb: "follow-up", "hand-off". A line break leaves no syllable so short.
_PARTICLES: Final = frozenset({"up", "in", "on", "off", "out", "by", "through", "around", "over", "down"})
# Words of two letters or so that stand between others.
_SMALL_WORDS: Final = _CONJUNCTIONS | _PARTICLES | {"a", "an", "as", "at", "for", "of", "the", "with"}
# Shorter ones are also parts of compounds: "co-", "re-".
_MIN_SYLLABLE: Final = 3
# Compounds that are written as often with a hyphen as without one. The document tells which.
_BOTH_WAYS: Final = frozenset(
    word
    for line in (
        "backup buildup buyout caregiver changeover checkout childcare citywide cleanup companywide",
        "crossover crowdfunding cutoff cutover fundraising grownup handover healthcare layoff lifecycle",
        "lineup livestream login lookup makeup markup mockup nationwide offsite onsite payoff pickup",
        "plugin policymaker popup printout rollout roundtable setup standalone startup statewide takeover",
        "tradeoff worldwide",
    )
    for word in line.split()
)
# Beginnings of words that are written with a hyphen by some authors: "re-design", "bi-weekly".
_PREFIXES: Final = frozenset(
    {"re", "sub", "inter", "intra", "hyper", "micro", "macro", "bi", "tri", "quasi", "socio", "geo"}
    | {"bio", "neuro"}
)
# Words that follow any noun after a hyphen: "trauma-informed", "kanban-based".
_COMPOUND_TAILS: Final = frozenset(
    {"based", "driven", "facing", "powered", "informed", "focused", "aware", "friendly", "centric", "centred"}
    | {"centered", "enabled", "aligned", "backed", "owned", "ready", "wide", "specific", "native", "related"}
)
# Names with a capital within. A hyphen between their parts is that of a line break.
_NAMES: Final = frozenset(
    {"javascript", "typescript", "coffeescript", "powerpoint", "powershell", "github", "gitlab"}
    | {"bitbucket", "linkedin", "youtube", "postgresql", "mysql", "mongodb", "dynamodb", "graphql"}
    | {"wordpress", "quickbooks", "autocad", "solidworks", "indesign", "photoshop", "tensorflow", "pytorch"}
    | {"fastapi", "cloudformation", "cloudwatch", "openstack", "hubspot", "sharepoint", "devops", "nosql"}
    | {"bigquery", "dataframe", "mlops"}
)
# Second parts of a word that are words by themselves only in other places.
_SYLLABLES: Final = frozenset(
    {"able", "age", "ally", "ant", "ate", "ed", "er", "ers", "es", "ing", "ings", "ion", "less", "ness"}
    | {"ability", "abilities", "ibility", "oned", "ship", "ships", "ten", "ties", "ted", "ward", "wards"}
)


def join_rows(text: str, more: str, vocabulary: Collection[str], *, is_full: bool = False) -> str:
    """Append a row to the text of a paragraph.

    Args:
        text: the paragraph so far
        more: the next row
        vocabulary: lower-case words of the document
        is_full: True if the row above had no room for another letter
    """
    end = text[-TAIL:]
    if ENDS_CJK.search(end) and STARTS_CJK.match(more):
        return text + more
    if _ENDS_WIDE_MARK.search(end) or _STARTS_WIDE_MARK.match(more) or TIGHT_DASH.search(end):
        return text + more
    if is_address_break(end, more) or _is_cut_word(end, more, vocabulary, is_full=is_full):
        return text + more
    if not end.endswith("-"):
        return text + more if _SLASH.search(end) and more[0].isalnum() else f"{text} {more}"
    hyphenated, tail = _HYPHENATED.search(end), _LETTERS.match(more)
    if hyphenated is None:
        # "3-" and "year", but not a dash after a space.
        return text + more if _NUMBER.search(end) and more[0].isalnum() else f"{text} {more}"
    if tail is None or not tail[0][0].islower():
        # Capitals are cut as well: "PRE-" and "SENT". Two acronyms are not.
        joined = (hyphenated[1] + tail[0]).lower() if tail is not None else ""
        is_cut = joined in _NAMES or (
            tail is not None
            and tail[0].isupper()
            and is_word(joined)
            and not _keeps_hyphen(joined, vocabulary)
        )
        return text[:-1] + more if is_cut else text + more
    if tail[0] in _CONJUNCTIONS and more[len(tail[0]) :][:1].isspace():
        return f"{text} {more}"
    keeps = _is_compound(
        hyphenated[1],
        tail[0],
        is_longer=_CHAIN.search(end) is not None or _LONGER.match(more) is not None,
        vocabulary=vocabulary,
    )
    return text + more if keeps else text[:-1] + more


def is_address_break(text: str, more: str) -> bool:
    """Return True if an e-mail address or URL continues in the next row, after a hyphen or a slash."""
    if not text.endswith(("-", "/")) or text.endswith((" -", " /")) or not more[:1].isalnum():
        return False
    first, second = text.rsplit(maxsplit=1)[-1], more.split(maxsplit=1)[0]
    if text.endswith("/"):
        return _ADDRESS_PART.search(first) is not None and _ADDRESS_PART.search(second) is None
    return bool(_ADDRESS_PART.search(first) or "@" in second)


def _is_cut_word(text: str, more: str, vocabulary: Collection[str], *, is_full: bool) -> bool:
    """Return True if a Latin word in Japanese text continues in the next row.

    Programs cut such a word without a hyphen where they find no other place to break a row.
    """
    head, tail = _ENDS_LATIN.search(text), _LATIN.match(more)
    if head is None or tail is None or not (_HAS_JAPANESE.search(text) or _HAS_JAPANESE.search(more)):
        return False
    first, second = head[0].lower(), tail[0].lower()
    word = first + second
    if word in _NAMES or any(word in _LATIN.findall(each) for each in vocabulary if word in each):
        return True
    are_words = [each in _SMALL_WORDS or is_word(each) for each in (first, second)]
    if is_word(word):
        return not all(are_words)
    if len(second) == 1 and _STARTS_WIDE_MARK.match(more, 1):
        # No row begins with such a mark, which takes one letter along: "GC" and "P、".
        return head[0][-1].isupper() or second == tail[0]
    return is_full and second == tail[0] and not any(are_words)


def _is_compound(head: str, tail: str, *, is_longer: bool, vocabulary: Collection[str]) -> bool:
    """Return True if two parts of a word are joined by a hyphen, also within a line."""
    first, second = head.lower(), tail.lower()
    if f"{first}-{second}" in vocabulary:
        return True
    if first + second in vocabulary:
        return False
    if is_longer or len(first) == 1:
        return True
    if second in _SYLLABLES:
        return False
    if first in _ALWAYS_KEEPS_HYPHEN:
        return True
    if first in _SHORT_HEADS:
        return second in _SHORT_HEADS[first]
    if is_closed_compound(first + second):
        return _keeps_hyphen(first + second, vocabulary)
    if second in _PARTICLES or second.removesuffix("s") in _PARTICLES:
        return is_word(first)
    return is_word(second) and _may_precede(head, second, vocabulary)


def _may_precede(head: str, second: str, vocabulary: Collection[str]) -> bool:
    """Return True if the first part of a compound may stand before a word."""
    first = head.lower()
    if first in _PREFIXES:
        return not _hyphenates(vocabulary)
    if first in _KEEPS_HYPHEN or is_word(first) or first in vocabulary or head[0].isupper():
        return True
    return second in _COMPOUND_TAILS and len(first) > _MIN_SYLLABLE


def _keeps_hyphen(word: str, vocabulary: Collection[str]) -> bool:
    """Return True if a compound that is written both ways has its hyphen in this document.

    A program that hyphenates cuts other words, too: "experi-" is no word. Without such a cut, all hyphens are
    those of the author.
    """
    if word in vocabulary or not {word, word.removesuffix("s")} & _BOTH_WAYS:
        return False
    return not _hyphenates(vocabulary)


def _hyphenates(vocabulary: Collection[str]) -> bool:
    """Return True if a part of a word stands at the end of a line of the document."""
    return any(each[-1] == "-" and _is_syllable(each[:-1], vocabulary) for each in vocabulary if each)


def _is_syllable(text: str, vocabulary: Collection[str]) -> bool:
    last = text.rpartition("-")[2]
    if (
        len(last) < _MIN_SYLLABLE
        or not last.isalpha()
        or last in _KEEPS_HYPHEN | _ALWAYS_KEEPS_HYPHEN | _PREFIXES
    ):
        return False
    return not is_word(last) and last not in vocabulary
