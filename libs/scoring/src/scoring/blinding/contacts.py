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
# Groups of at least nine digits, or a country code; dates and amounts have fewer digits or other signs.
_PHONE = re.compile(
    r"(?<![\w.,$€£¥])(?:tel:)?(?:[+＋]\d{1,3}[\s().\-‐–—]{0,2}(?:\d[\s().\-‐–—]{0,2}){7,12}\d"
    r"|\(?0\d{1,4}\)?[\s.\-‐–—]\d{1,4}[\s.\-‐–—]\d{3,4}|\(\d{3}\)\s?\d{3}[.\-\s]\d{4}"
    r"|\d{3}[.\-]\d{3}[.\-]\d{4})(?!\w)"
)
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
        *_find(_PHONE, text, PHONE),
    ]
    return edits + list(_find_addresses_beside_contacts(text[:head], edits))


def _find(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
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
