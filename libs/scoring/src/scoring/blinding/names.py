"""Find the known names of a person in a text, in every spelling that a resume may use."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scoring.blinding.kana import is_kana, sound_of
from scoring.blinding.ordinary_words import ALWAYS_CAPITALISED, ORDINARY, PLACE_ENDINGS, SMALL
from scoring.language.edits import Edit, EditedText

NAME: Final = "[NAME]"
_APART = re.compile(r"[\s　,，.・()（）/]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*")
# Between the parts of a name, also in file names: "Okafor, Maya", "maya_okafor", "山田　太郎".
_BETWEEN: Final = r"[\s　,，.・_'-]{0,3}"
_BETWEEN_IN_LINE: Final = r"[ \t　,，.・_'-]{0,3}"
_TITLE: Final = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s"
# Only a person does this: "Will led", "Grant was". Other verbs may follow a noun: "Grant funded".
_ACTS: Final = (
    r"(?=\s(?:led|was|is|has|had|joined|brings|works|worked|manages|managed|holds|served|serves)\b)"
)
_IN_FILE_NAME: Final = (
    r"[\w+-]{0,60}\.(?:pdf|docx?|xlsx?|pptx?|txt|zip|png|jpe?g|csv|md|html?|key|pages|ipynb|py|mp4|fig)\b"
)
_NO_ARTICLE: Final = r"(?<!\ba\s)(?<!\ban\s)(?<!\bthe\s)(?<!\bour\s)(?<!\bof\s)"
_HONORIFIC: Final = "(?:さん|様|氏|くん|君)?"
# Between two finds of one name: nothing but initials and signs.
_GAP = re.compile(r"[ \t　,，.・'’-]{0,3}(?:[A-Z]\.?[ \t　,，.'’-]{0,2}){0,2}")
# A file name, an account or an address that holds a name goes as a whole.
_TOKEN_SIGN = re.compile(r"[_@/\\\d]|\.[A-Za-z]|[a-z][A-Z]")
_TOKEN_BEFORE = re.compile(r"[\w.+@/\\~-]{1,80}\Z", re.ASCII)
_TOKEN_AFTER = re.compile(r"[\w.+@/\\-]{1,80}", re.ASCII)
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]{2,30}")
_KANA_RUN = re.compile(r"[ぁ-ゖー]{2,16}|[ァ-ヺー]{2,16}")
# Shorter parts are found with a capital only, and never within an account: "Li", "Ann".
_LONG: Final = 4
_COMBINING = re.compile("[\u0300-\u036f]+")
_REWRITTEN: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
_PLAIN: Final = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "Ð": "D"}
_MAX_NAMES: Final = 20
# No name is longer, so that repeats of a name take linear time.
_LONGEST: Final = 100


def find_names(text: str, names: Iterable[str]) -> list[Edit]:
    """Return the edits that remove every spelling of some names."""
    marks = [Edit(start=m.start(), end=m.end(), replacement="") for m in _COMBINING.finditer(text)]
    if marks:
        # Accents as characters of their own: "e\u0301".
        bare = EditedText(text, marks)
        places = [bare.origin(edit.start, edit.end) for edit in find_names(bare.text, names)]
        return [Edit(start=place.start, end=place.end, replacement=NAME) for place in places if place]
    plain = _remove_accents(text)
    edits: list[Edit] = []
    for name in list(dict.fromkeys(filter(None, map(str.strip, names))))[:_MAX_NAMES]:
        edits += _find_name(text, plain, name)
    return _joined(text, edits)


def parts_of(name: str) -> list[str]:
    """Return the parts of a name."""
    return [part for part in _APART.split(name) if part]


def _find_name(text: str, plain: str, name: str) -> Iterator[Edit]:
    parts = parts_of(name)[:6]
    if not parts:
        return
    yield from _whole(text, plain, parts)
    initials = {part[0].upper() for part in parts}
    for part in parts:
        if part.isascii() or _is_latin(part):
            yield from _latin_part(text, plain, part, initials - {part[0].upper()} or initials)
        elif len(part) > 1:
            yield from _other_part(text, part)
    yield from _same_sound(text, parts)


def _whole(text: str, plain: str, parts: Sequence[str]) -> Iterator[Edit]:
    """Find all parts together, in either order, with a middle name, and as the name of an account."""
    if len("".join(parts)) < 2:
        return
    forward = [parts] if len(parts) == 2 else [parts, [parts[0], parts[-1]]]
    patterns = [_BETWEEN.join(map(_spelled, order)) for order in forward]
    # The last name above the first one is the end of one name and the start of the next.
    patterns += [_BETWEEN_IN_LINE.join(map(_spelled, order[::-1])) for order in forward]
    # Letters apart, as in a heading: "M A Y A  O K A F O R".
    patterns.append(" {1,6}".join(" ".join(map(re.escape, _remove_accents(part))) for part in parts))
    if len(parts) > 1 and all(len(part) > 1 and _is_latin(part) for part in parts):
        first, last = _plain_letters(parts[0]), _plain_letters(parts[-1])
        patterns += [*_account(first[0], last), *_account(last[0], first)]
        patterns += [*_account(first, last[0]), *_account(last, first[0])]
    pattern = "|".join(patterns)
    for match in re.finditer(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", plain, re.IGNORECASE):
        yield _extended(text, match.start(), match.end())


def _account(start: str, end: str) -> list[str]:
    """Return the patterns of an account: "m.okafor", "@mokafor", "mokafor_1". "Cross" is no "C. Ross"."""
    if max(len(start), len(end)) < _LONG:
        return []
    start, end = re.escape(start), re.escape(end)
    return [rf"{start}[._-]{end}", rf"(?<=[@_]){start}{end}", rf"{start}{end}(?=[\d_@])"]


def _latin_part(text: str, plain: str, part: str, initials: set[str]) -> Iterator[Edit]:
    """Find one part as a whole word, if it is no ordinary word there."""
    for word in dict.fromkeys([part, *(each for each in part.split("-") if len(each) >= _LONG)]):
        lower = _plain_letters(word)
        if len(lower) < 2:
            continue
        spelled = _spelled(word)
        if lower in ORDINARY:
            patterns = [(_as_name(lower, initials), 0)]
        elif len(lower) < _LONG:
            patterns = [(rf"(?<![A-Za-z]){_escaped({word, lower.capitalize()})}(?![A-Za-z])", 0)]
        elif lower in SMALL:
            patterns = [
                (rf"(?<![A-Za-z]){_escaped({word, lower.capitalize(), lower.upper()})}(?![A-Za-z])", 0)
            ]
        else:
            camel = re.escape(lower.capitalize())
            patterns = [
                (rf"(?<![A-Za-z])(?:{spelled})(?![A-Za-z])", re.IGNORECASE),
                (rf"(?:(?<![A-Za-z])|(?<=[a-z]{{3}})){camel}(?![a-z])", 0),
            ]
        for pattern, flags in patterns:
            for match in re.finditer(pattern, plain, flags):
                yield _extended(text, match.start(), match.end())


def _as_name(lower: str, initials: set[str]) -> str:
    """Return the pattern of an ordinary word where its place shows that it is a name."""
    name, upper = re.escape(lower.capitalize()), re.escape(lower.upper())
    initial = f"[{''.join(map(re.escape, sorted(initials)))}]"
    either = f"(?:{name}|{upper})"
    known = rf"{_TITLE}{name}\b|\b{initial}\.\s?{either}\b|\b{either},\s?{initial}\.|\b{name}{_ACTS}"
    if len(lower) >= _LONG - 1:
        known += rf"|(?<![A-Za-z])(?i:{name})(?![a-z])(?={_IN_FILE_NAME})"
    if lower in ALWAYS_CAPITALISED:
        return known
    # A capital between small letters: "reported that Grant resolved", "with Grant's help".
    return (
        rf"{known}|{_NO_ARTICLE}(?<=[a-z]\s){name}(?=['’]s\b|\s[a-z]|[.,;)]\s|[.]$)|\b{name}(?=['’]s\s[a-z])"
    )


def _other_part(text: str, part: str) -> Iterator[Edit]:
    """Find a part in a script without capitals, unless it is the name of a place there."""
    follows = "" if is_kana(part) else f"(?!{PLACE_ENDINGS})"
    before, after = ("(?<![ぁ-ヺー])", "(?![ぁ-ヺー])") if is_kana(part) else ("", "")
    if not re.search("[ぁ-ヺ一-鿿々가-힣]", part):
        before, after = r"(?<!\w)", r"(?!\w)"
    for match in re.finditer(f"{before}{re.escape(part)}{after}{follows}{_HONORIFIC}", text):
        yield Edit(start=match.start(), end=match.end(), replacement=NAME)


def _same_sound(text: str, parts: Sequence[str]) -> Iterator[Edit]:
    """Find a name in kana by its Latin spelling and the other way round."""
    sounds = {sound for part in parts if (sound := sound_of(part)) and _plain_letters(part) not in SMALL}
    if not sounds:
        return
    sounds |= {sound_of("".join(order)) for order in (parts, parts[::-1])} - {""}
    if any(map(is_kana, parts)):
        for match in _LATIN_WORD.finditer(text):
            word = match.group()
            if not word.islower() and _plain_letters(word) not in SMALL and sound_of(word) in sounds:
                yield _extended(text, match.start(), match.end())
    for match in _KANA_RUN.finditer(text):
        if sound_of(match.group()) in sounds:
            yield Edit(start=match.start(), end=match.end(), replacement=NAME)


def _extended(text: str, start: int, end: int) -> Edit:
    """Extend a find to the whole of a file name, an account or an address."""
    before = _TOKEN_BEFORE.search(text, max(0, start - 80), start)
    after = _TOKEN_AFTER.match(text, end)
    left = before.start() if before else start
    right = end + len(after.group().rstrip(".-/")) if after else end
    if (left, right) != (start, end) and _TOKEN_SIGN.search(text, left, right):
        return Edit(start=left, end=right, replacement=NAME)
    return Edit(start=start, end=end, replacement=NAME)


def _joined(text: str, edits: list[Edit]) -> list[Edit]:
    """Join finds with only initials between them, and add the initials beside them: "M. Okafor"."""
    joined: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
        last = joined[-1] if joined else None
        if last and (edit.start <= last.end or _is_one_name(text, last, edit)):
            joined[-1] = Edit(start=last.start, end=max(last.end, edit.end), replacement=NAME)
        else:
            joined.append(edit)
    return [_with_initials(text, edit) for edit in joined]


def _is_one_name(text: str, one: Edit, other: Edit) -> bool:
    if one.end - one.start > _LONGEST:
        return False
    is_gap = _GAP.fullmatch(text, one.end, other.start) is not None
    return is_gap and not any(_TOKEN_SIGN.search(text, each.start, each.end) for each in (one, other))


_INITIALS_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.[ -]?){1,3}\Z|(?<![^\s])[A-Z]\s\Z")
_INITIALS_AFTER = re.compile(
    r",?\s?(?:[A-Z]\.[ -]?){0,2}[A-Z]\.(?!\w)|\s[A-Z](?=['’]s\b)|,\s[A-Z](?=[\s,;)]|$)"
)


def _with_initials(text: str, edit: Edit) -> Edit:
    before = _INITIALS_BEFORE.search(text, max(0, edit.start - 9), edit.start)
    after = _INITIALS_AFTER.match(text, edit.end)
    # The full stop of the initial ends the sentence, too.
    end = after.end() if after else edit.end
    return Edit(start=before.start() if before else edit.start, end=end, replacement=NAME)


def _spelled(part: str) -> str:
    """Return the pattern of a part with and without accents, or letters written apart."""
    plain = _remove_accents(part)
    spellings = {plain, _remove_accents("".join(_REWRITTEN.get(char, char) for char in part.lower()))}
    return "(?:" + "|".join(sorted(map(re.escape, spellings))) + ")"


def _escaped(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted({re.escape(_remove_accents(word)) for word in words})) + ")"


def _plain_letters(word: str) -> str:
    return _remove_accents(word).lower()


def _is_latin(part: str) -> bool:
    return _LATIN.match(_remove_accents(part)) is not None


def _remove_accents(text: str) -> str:
    """Return a text of the same length without accents on Latin letters."""
    if text.isascii():
        return text
    return "".join(_PLAIN.get(char) or _base(char) for char in text)


def _base(char: str) -> str:
    if not "\u00c0" <= char <= "\u024f" and not "\u1e00" <= char <= "\u1eff":
        return char
    first = unicodedata.normalize("NFD", char)[0]
    return first if first.isascii() else char
