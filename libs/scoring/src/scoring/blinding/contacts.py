"""Find contact details: e-mail addresses, links, phone numbers and postal addresses."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.headings import starts_with_sign

from scoring.language.edits import Edit

EMAIL: Final = "[EMAIL]"
LINK: Final = "[LINK]"
PHONE: Final = "[PHONE]"
ADDRESS: Final = "[ADDRESS]"
# Every repeat is bounded and starts at a boundary, so that a long run of letters takes linear time.
_AT = re.compile("[@＠]")
_EMAIL = re.compile(r"(?:mailto:)?(?<![\w.+-])[\w.+-]{1,64}\s?[@＠]\s?(?:[\w-]{1,63}\.){1,6}[\w-]{1,63}")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[(\[{]\s?at\s?[)\]}]\s?[\w-]{1,63}(?:\s?(?:\."
    r"|[(\[{]\s?dot\s?[)\]}])\s?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
# "@maya_codes", but not "@ 5 %" and no decorator of a programming language in lower case with a bracket.
_HANDLE = re.compile(r"(?<![\w.@/])@[A-Za-z][\w.]{2,30}\b(?!\()")
_LABELLED_HANDLE = re.compile(
    r"(?i)\b(?:skype|twitter|telegram|instagram|github|gitlab|wechat|whatsapp|line id|linkedin|discord"
    r"|slack id)"
    r"[ \t]*[:：][ \t]*(?P<value>[^\s|,;、。]{2,80})"
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()、。「」]{1,300}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){0,4}(?:linkedin|github|gitlab|twitter|x|facebook|instagram|wantedly|qiita"
    r"|medium|behance|note|zenn|dribbble|stackoverflow|kaggle|orcid|t|wa)\.(?:com|dev|io|org|me|net"
    r"|jp)/[^\s<>()、。|]{1,300}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:com|dev|io|org|net|me|jp|co|uk|de|fr|eu|info|app|design|tech"
    r"|nl|ch|at|in|au|ca)"
    r"/[^\s<>()、。|]{1,300}"
    # Domains alone, in small letters: "Booking.com" and "node.js" are no links.
    r"|(?<![\w.@-])(?!asp\.net|vb\.net|ado\.net|ml\.net)(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|org|net|jp|co\.uk|de|fr|me|dev|eu|info|app|design|github\.io|gitlab\.io)(?![\w-]|\.\w)"
)
# Phone numbers wherever they stand. `\d` includes full-width digits.
_DASHES: Final = "\\-‐–—－−ー"
_PHONE = re.compile(
    rf"(?<![\w.,$€£¥])(?:tel:)?(?:(?:[+＋]|00 ?)\d{{1,3}}[\s().{_DASHES}]{{0,2}}"
    rf"(?:\d[\s().{_DASHES}]{{0,2}}){{7,12}}\d"
    # The groups of "01.04.2020" are a date.
    rf"|(?!\d\d[\s.{_DASHES}]\d\d[\s.{_DASHES}](?:19|20)\d\d(?!\d))"
    rf"[(（]?[0０]\d{{1,4}}(?:[)）]?[\s.{_DASHES}]|[)）])\d{{1,4}}[\s.{_DASHES}]\d{{3,4}}"
    rf"|(?<!-)[0０]\d{{9,10}}|(?:[0０]\d{{2}}[ /{_DASHES}]\d|[0０]\d{{3,4}}[ /{_DASHES}])\d{{5,7}}"
    rf"|[(（][0０]\d{{1,4}}[)）][ {_DASHES}]?\d{{5,8}}|[0０]\d[{_DASHES}]\d{{7,8}}"
    rf"|[0０]\d(?:[ .{_DASHES}]\d\d){{4}}"
    rf"|\(\d{{3}}\)\s?\d{{3}}[.\-\s]\d{{4}}|\d{{3}}[ .\-]\d{{3}}[ .\-]\d{{4}})(?!\w)"
)
# Any 9 to 15 digits, where a label says that they are a phone number, or where nothing stands beside them.
_DIGITS: Final = rf"(?P<value>[+＋(（]?\d(?:[ \u00a0　.()（）{_DASHES}]{{0,2}}\d){{8,14}})"
_LABELLED_PHONE = re.compile(
    r"(?i)(?:\b(?:(?:tele)?phone|mobile|tel|cell(?:phone)?|call)\b(?: (?:number|no|me))?(?: (?:on|at))?"
    r"|\b[mtp](?=[:：])|(?:電話|携帯(?:電話)?|連絡先)(?:番号)?)"
    rf"[ \t　.:：]{{0,4}}{_DIGITS}(?!\w)"
)
_PHONE_ALONE = re.compile(
    rf"(?m)(?:^|(?<=[|｜•·/／\t]))[ \t　]{{0,4}}(?:[-・■*][ \t]{{1,3}})?{_DIGITS}"
    r"(?=[ \t　]{0,4}(?:$|[|｜•·/／\t]))"
)
# Years, amounts and decimals: "2019 2020 2021", "120 000 000", "1 234 567 890", "0.123456789".
_NO_PHONE = re.compile(
    r".*(?<!\d)(?:19|20)\d\d(?!\d).*|[1-9]\d{0,2}(?:(?:[ .]\d{3}){2,4}(?<=000)|0{6,})"
    r"|[1-9]\d?(?:[ .]\d{3}){2,4}|\d{1,3}\.\d+"
)
# The number of a book: 13 digits, or 10 in four groups. A phone number does not end in a group of one digit.
_ISBN = re.compile(
    r"(?<![\w+＋-])(?:97[89][ -]?(?:\d[ -]?){9}\d|\d{1,5}([ -])\d{1,7}\1\d{1,6}\1[\dX])(?![\w-])"
)
_LONGEST_ISBN: Final = 17
_ADDRESS = re.compile(
    r"〒?\s?\d{3}-\d{4}[^\n|]{0,60}(?:都|道|府|県|市|区|町|村)[^\n|]{0,40}|〒\s?\d{3}-?\d{4}"
    r"|(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)[^\n|、。\s]{1,20}(?:市|区|町|村)[^\n|、。]{0,40}"
    r"|\b\d{1,5}[A-Za-z]?\s(?:[A-Z][\w'.-]{1,30}\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive"
    r"|Dr|Boulevard|Blvd"
    r"|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close)\b\.?[^\n|•]{0,60}"
    r"|\b[A-Z][a-z]{1,30}(?: [A-Z][a-z]{1,30})?, [A-Z]{2} \d{5}(?:-\d{4})?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
# An address with a number and a postal code is somebody's home or office wherever it stands.
_FULL_ADDRESS = re.compile(
    r"〒\s?\d{3}-?\d{4}[^\n|]{0,80}"
    r"|(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県)[^\n|、。\s]{1,20}(?:市|区|町|村)[^\n"
    r"|、。]{0,20}\d[\d\-−ー‐丁目番地号]{1,12}"
    r"|\b\d{1,5}[A-Za-z]?\s(?:[A-Z][\w'.-]{1,30}\s){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive"
    r"|Dr|Boulevard|Blvd"
    r"|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close)\b\.?,?\s[^\n|•]{0,40}?(?:\b[A-Z]{1,2}\d[A-Z\d]? "
    r"?\d[A-Z]{2}\b|\b\d{5}(?:-\d{4})?\b)"
)
# Longer lines are paragraphs.
_MAX_CONTACT_LINE: Final = 300
# Separators between the details on one line: "Leeds | maya@example.com | +44 20 7946 0958".
_SEPARATOR = re.compile(r"[|｜•·・;；/／]|\s{3,}")
_LETTER = re.compile(r"[^\W\d_]")
OCCUPATION: Final = re.compile(
    r"(?i)\b(?:manager|engineer|developer|consultant|director|analyst|lead|officer|architect|designer"
    r"|specialist"
    r"|scientist|assistant|intern|associate|partner|president|head|resume|experience|summary|education"
    r"|skills)\b"
)


def find_contacts(text: str, head: int) -> list[Edit]:
    """Return the edits that remove contact details. `head` is the end of the lines with contact details.

    Further down "10 Wall Street" is more often a workplace than a home.
    """
    edits = [
        # Searching for the sign first avoids trying the pattern at every word.
        *(_find(_EMAIL, text, EMAIL) if _AT.search(text) else ()),
        *(_find(_SPELLED_EMAIL, text, EMAIL) if "at" in text else ()),
        *_find(_LINK, text, LINK),
        *(_find(_HANDLE, text, LINK) if "@" in text else ()),
        *_find_values(_LABELLED_HANDLE, text, LINK),
        *_find(_ADDRESS, text[:head], ADDRESS),
        *_find(_FULL_ADDRESS, text, ADDRESS),
        *_find_phones(text),
    ]
    return edits + list(_find_addresses_beside_contacts(text[:head], edits))


def _find(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        yield Edit(start=match.start(), end=match.end(), replacement=replacement)


def _find_values(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        yield Edit(start=match.start("value"), end=match.end("value"), replacement=replacement)


def _find_phones(text: str) -> list[Edit]:
    # Those with a label and alone come first, because they take a number as a whole.
    found = [
        each
        for pattern in (_LABELLED_PHONE, _PHONE_ALONE)
        for each in _find_values(pattern, text, PHONE)
        if not _NO_PHONE.fullmatch(text, each.start, each.end)
    ]
    found += _find(_PHONE, text, PHONE)
    return [each for each in found if not _is_book(text, each)]


def _is_book(text: str, number: Edit) -> bool:
    """Return True if the number is a part of an ISBN."""
    around = _ISBN.finditer(text, max(0, number.start - _LONGEST_ISBN), number.end + _LONGEST_ISBN)
    return any(
        each.start() < number.end and number.start < each.end() and _has_check_digit(each.group())
        for each in around
    )


def _has_check_digit(number: str) -> bool:
    digits = [10 if each == "X" else int(each) for each in number if each not in " -"]
    if len(digits) == 13:
        return sum(digits[::2] + [3 * each for each in digits[1::2]]) % 10 == 0
    return len(digits) == 10 and sum(each * (10 - at) for at, each in enumerate(digits)) % 11 == 0


def _find_addresses_beside_contacts(head: str, known: Sequence[Edit]) -> Iterator[Edit]:
    """Find places of residence: parts of a line with an e-mail address or a phone number that name no job."""
    place = 0
    for line in head.splitlines(keepends=True):
        end = place + len(line.rstrip())
        contacts = [each for each in known if place <= each.start < end]
        is_short = end - place <= _MAX_CONTACT_LINE and not starts_with_sign(line.lstrip())
        if is_short and any(each.replacement in (EMAIL, PHONE) for each in contacts):
            cuts = [place, *(at for m in _SEPARATOR.finditer(head, place, end) for at in m.span()), end]
            for start, stop in zip(cuts[::2], cuts[1::2], strict=True):
                part = head[start:stop]
                is_known = any(each.start < stop and start < each.end for each in contacts)
                if not is_known and _LETTER.search(part) and not OCCUPATION.search(part):
                    lead = len(part) - len(part.lstrip())
                    yield Edit(start=start + lead, end=start + len(part.rstrip()), replacement=ADDRESS)
        place += len(line)
