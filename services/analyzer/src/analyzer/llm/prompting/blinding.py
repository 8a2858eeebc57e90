"""Find what identifies a person, so that placeholders can replace it.

Scores must not depend on identity, and the provider of the model need not know it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scoring.language.edits import Edit
from scoring.language.text import Span

# Every repeat is bounded and starts at a boundary, so that a long run of letters takes linear time.
_AT = re.compile("[@＠]")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?[@＠]\s?(?:[\w-]{1,63}\.){1,6}[\w-]{1,63}")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()、。「」]{1,300}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){0,4}(?:linkedin|github|gitlab|twitter|x|facebook|instagram|wantedly|qiita"
    r"|medium|behance|note|zenn)\.(?:com|dev|io|org|me|net)/[^\s<>()、。|]{1,300}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:com|dev|io|org|net|me|jp|co|uk|de|fr)/[^\s<>()、。|]{1,300}"
)
# Groups of at least nine digits, or a country code; dates and amounts have fewer digits or other signs.
_PHONE = re.compile(
    r"(?<![\w.,$€£¥])(?:\+\d{1,3}[\s().\-‐–—]{0,2}(?:\d[\s().\-‐–—]{0,2}){7,12}\d"
    r"|\(?0\d{1,4}\)?[\s.\-‐–—]\d{1,4}[\s.\-‐–—]\d{3,4}|\(\d{3}\)\s?\d{3}[.\-\s]\d{4}|\d{3}[.\-]\d{3}[.\-]\d{4})(?!\w)"
)
_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Hh]ers?|[Hh]is|[Hh]imself|[Hh]erself)"
    r"(?:\s?/\s?(?:he|she|they|him|hers?|them|his|theirs?))*\b"
    r"|\b[Tt]hey\s?/\s?them(?:\s?/\s?theirs)?\b|\b(?:Mr|Mrs|Ms|Miss|Mx)\b\.?(?=\s[A-Z])|彼女|彼(?=[はがのをにも])"
)
# A label at the start of a line, followed by a colon, which is optional in Japanese.
_LABEL: Final = (
    r"(?im)^[ \t•*・■-]*(?:(?:{english})[ \t]*[:：]|(?:{japanese})[ \t　]*[:：]?)[ \t　]*"
    r"(?P<value>[^\n|]{{2,{most}}})"
)
_PERSONAL = re.compile(
    _LABEL.format(
        english=r"date of birth|birth ?date|d\.?o\.?b\.?|born|gender|sex|age|nationality|citizenship"
        r"|marital status|religion|pronouns",
        japanese="生年月日|性別|年齢|国籍|配偶者|扶養家族数?",
        most=60,
    )
)
_LABELLED_ADDRESS = re.compile(
    _LABEL.format(english=r"(?:home |postal |current )?address", japanese="現住所|住所", most=120)
)
_LABELLED_NAME = re.compile(
    _LABEL.format(english=r"(?:full )?name", japanese=r"氏[ 　]*名|ふりがな|フリガナ", most=40)
)
_ADDRESS = re.compile(
    r"〒?\s?\d{3}-\d{4}[^\n|]{0,60}(?:都|道|府|県|市|区|町|村)[^\n|]{0,40}|〒\s?\d{3}-?\d{4}"
    r"|(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)[^\n|、。\s]{1,20}(?:市|区|町|村)[^\n|、。]{0,40}"
    r"|\b\d{1,5}[A-Za-z]?\s(?:[A-Z][\w'.-]{1,30}\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd"
    r"|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close)\b\.?[^\n|•]{0,60}"
    r"|\b[A-Z][a-z]{1,30}(?: [A-Z][a-z]{1,30})?, [A-Z]{2} \d{5}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
# Contact details are at the top; further down "10 Wall Street" is more often a workplace than a home.
_HEAD_LINES: Final = 12
_TITLES: Final = frozenset(
    {"curriculum vitae", "resume", "résumé", "cv", "履歴書", "職務経歴書", "職務履歴書", "profile"}
)
_NAME_LINE = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*,?\s){1,3}[A-ZÀ-ÖØ-Þ][\w'’.-]*|[一-鿿々]{1,4}[ 　][一-鿿々ぁ-ヿ]{1,5}"
)
_OCCUPATION = re.compile(
    r"(?i)\b(?:manager|engineer|developer|consultant|director|analyst|lead|officer|architect|designer|specialist"
    r"|scientist|assistant|intern|associate|partner|president|head|resume|experience|summary|education|skills)\b"
)
# Longer lines are paragraphs.
_MAX_CONTACT_LINE: Final = 300
# Separators between the details on one line: "Leeds | maya@example.com | +44 20 7946 0958".
_SEPARATOR = re.compile(r"[|｜•·・;；/／]|\s{3,}")
_LETTER = re.compile(r"[^\W\d_]")
# Parts of names that are more often words: particles, months, a programming language.
_COMMON_WORDS: Final = frozenset(
    (  # noqa: SIM905 - one word a line would take a page
        "al an and bin de den der do el in la le of on so the to van von jan feb mar april apr "
        "may june jun july jul august aug sep oct nov dec ruby art bill faith grace hope king "
        "law long mark page price rich will young"
    ).split()
)


def find_identity(text: str, *, names: Sequence[str] = ()) -> list[Edit]:
    """Return the edits that replace identifying parts of a text by placeholders.

    Args:
        text: The text that the offsets of the edits refer to.
        names: Known names of the person.
    """
    head = _end_of_head(text)
    edits = [
        # Searching for the sign first avoids trying the pattern at every word.
        *(_find_all(_EMAIL, text, "[EMAIL]") if _AT.search(text) else ()),
        *_find_all(_LINK, text, "[LINK]"),
        *_find_values(_LABELLED_NAME, text, "[NAME]"),
        *_find_values(_LABELLED_ADDRESS, text, "[ADDRESS]"),
        *_find_values(_PERSONAL, text, "[PERSONAL]"),
        *_find_all(_ADDRESS, text[:head], "[ADDRESS]"),
        *_find_all(_PHONE, text, "[PHONE]"),
    ]
    edits += _find_addresses_beside_contacts(text[:head], edits)
    found = [text[each.start : each.end] for each in edits if each.replacement == "[NAME]"]
    if heading := _find_name_in_heading(text):
        found.append(text[heading.start : heading.end])
        edits.append(Edit(start=heading.start, end=heading.end, replacement="[NAME]"))
    for name in dict.fromkeys([*names, *found]):
        edits += _find_name(text, name)
    return [*edits, *_find_all(_PRONOUN, text, "[PRONOUN]")]


def _find_all(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        yield Edit(start=match.start(), end=match.end(), replacement=replacement)


def _find_values(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        yield Edit(start=match.start("value"), end=match.end("value"), replacement=replacement)


def _find_addresses_beside_contacts(head: str, known: Sequence[Edit]) -> Iterator[Edit]:
    """Find places of residence: parts of a line with an e-mail address or a phone number that name no job."""
    place = 0
    for line in head.splitlines(keepends=True):
        end = place + len(line.rstrip())
        contacts = [each for each in known if place <= each.start < end]
        is_short = end - place <= _MAX_CONTACT_LINE
        if is_short and any(each.replacement in ("[EMAIL]", "[PHONE]") for each in contacts):
            cuts = [place, *(at for m in _SEPARATOR.finditer(head, place, end) for at in m.span()), end]
            for start, stop in zip(cuts[::2], cuts[1::2], strict=True):
                part = head[start:stop]
                is_known = any(each.start < stop and start < each.end for each in contacts)
                if not is_known and _LETTER.search(part) and not _OCCUPATION.search(part):
                    lead = len(part) - len(part.lstrip())
                    yield Edit(start=start + lead, end=start + len(part.rstrip()), replacement="[ADDRESS]")
        place += len(line)


def _end_of_head(text: str) -> int:
    end = -1
    for _ in range(_HEAD_LINES):
        end = text.find("\n", end + 1)
        if end < 0:
            return len(text)
    return end


def _find_name_in_heading(text: str) -> Span | None:
    """Return the first line that is not a document title, if it looks like a name."""
    place = 0
    for line in text[: _end_of_head(text)].splitlines(keepends=True):
        stripped = line.strip()
        if stripped and stripped.lower() not in _TITLES:
            if _NAME_LINE.fullmatch(stripped) and not _OCCUPATION.search(stripped):
                start = place + line.index(stripped)
                return Span(start, start + len(stripped))
            return None
        place += len(line)
    return None


def _find_name(text: str, name: str) -> Iterator[Edit]:
    """Find the full name, in either order and with or without spaces, and its parts as whole words."""
    parts = [part for part in re.split(r"[\s　,，.・]+", name) if part]
    if not parts:
        return
    for ordered in (parts, parts[::-1]):
        full = r"[\s　,，.・]*".join(map(re.escape, ordered))
        if len("".join(parts)) > 1:
            yield from _find_all(
                re.compile(rf"(?<![A-Za-z]){full}(?![A-Za-z])", re.IGNORECASE), text, "[NAME]"
            )
    for part in parts:
        if part.lower() in _COMMON_WORDS or len(part) < 2 or _OCCUPATION.fullmatch(part):
            continue
        # Only capitalized spellings are names: "mark" and "rose" stay words.
        spellings = {part, part.capitalize(), part.upper()} if part.isascii() else {part}
        # A plain search rules out most parts faster than a pattern.
        either = "|".join(sorted(re.escape(each) for each in spellings if each in text))
        if not either:
            continue
        yield from _find_all(re.compile(rf"(?<![A-Za-z])(?:{either})(?![A-Za-z])"), text, "[NAME]")
