"""Read who a resume is about: name, contact details, profiles and a headline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.blinding.contacts import ADDRESS, EMAIL, LINK, OCCUPATION, PHONE, find_contacts
from scoring.blinding.identity import find_known_names
from scoring.blinding.own_names import reads_as_name
from scoring.language.text import count_words
from scoring.resume.resume import Resume

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z][\w-]{1,62}", re.ASCII)
_PROFILE = re.compile(
    r"(?i)(?:https?://)?(?:www\.)?(?P<host>linkedin|github|gitlab|twitter|x|facebook|instagram|wantedly"
    r"|qiita|zenn|kaggle|medium)\.(?P<end>com|dev|jp|io)"
    r"/(?P<path>(?:in/|id/|@)?(?P<user>[\w.%-]{2,80}))/?$"
)
_NETWORKS: Final = {
    "linkedin": "LinkedIn", "github": "GitHub", "gitlab": "GitLab", "twitter": "Twitter", "x": "X",
    "facebook": "Facebook", "instagram": "Instagram", "wantedly": "Wantedly", "qiita": "Qiita",
    "zenn": "Zenn", "kaggle": "Kaggle", "medium": "Medium",
}  # fmt: skip
_CITY_AND_STATE = re.compile(
    r"(?P<city>[A-Z][A-Za-z .'-]{1,40}), (?P<region>[A-Z]{2})(?: (?P<code>\d{5}(?:-\d{4})?))?"
)
_PREFECTURE = re.compile(
    r"〒?\s?(?P<code>\d{3}-\d{4})?[ 　]*(?P<region>東京都|北海道|(?:京都|大阪)府"
    r"|[一-鿿]{2,3}県)(?P<rest>[^\n|]{0,60})"
)
_HEADLINE_WORDS: Final = 10
_CONTACT_LINES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The person of a resume. What could not be read for certain is None."""

    name: str | None
    label: str | None
    email: str | None
    phone: str | None
    url: str | None
    location: dict[str, str] | None
    profiles: tuple[tuple[str, str, str], ...]


def find_person(resume: Resume, names: Sequence[str]) -> Person:
    """Return the person. `names` are the names stored for the candidate."""
    text = _contact_text(resume)
    found = find_contacts(text, len(text))
    by_kind = {
        kind: [text[each.start : each.end].strip() for each in found if each.replacement == kind]
        for kind in (EMAIL, PHONE, LINK, ADDRESS)
    }
    emails = [match.group() for value in by_kind[EMAIL] if (match := _EMAIL.search(value))]
    emails += [link.removeprefix("mailto:") for link in _links(resume, "mailto:")]
    phones = [value.removeprefix("tel:") for value in by_kind[PHONE]] or [
        link.removeprefix("tel:") for link in _links(resume, "tel:")
    ]
    profiles, url = _profiles([*by_kind[LINK], *_links(resume, "http")])
    own = [name for name in find_known_names(resume.text, names=names) if reads_as_name(name)]
    return Person(
        name=own[0] if own else next(iter(names), None),
        label=_headline(text),
        email=emails[0] if emails and _EMAIL.fullmatch(emails[0]) else None,
        phone=_phone(phones[0]) if phones else None,
        url=url,
        location=_location(text),
        profiles=profiles,
    )


def _phone(value: str) -> str:
    value = value.strip()
    return value if value.count("(") == value.count(")") else value.strip("() ")


def _contact_text(resume: Resume) -> str:
    """Return the lines with contact details: the head, sections about contacts, and the first lines."""
    parts = [
        resume.text[each.start : each.end] for each in resume.sections if each.kind in ("head", "contact")
    ]
    if parts:
        return "\n".join(parts)
    return "\n".join(resume.text[line.start : line.end] for line in resume.lines[:_CONTACT_LINES])


def _links(resume: Resume, scheme: str) -> list[str]:
    links = resume.signals.contact_links if resume.signals else ()
    return [link.split("?", 1)[0] for link in links if link.startswith(scheme)]


def _profiles(links: Sequence[str]) -> tuple[tuple[tuple[str, str, str], ...], str | None]:
    profiles: dict[str, tuple[str, str, str]] = {}
    url: str | None = None
    for link in links:
        bare = link.rstrip(".,;/")
        if match := _PROFILE.fullmatch(bare):
            network = _NETWORKS[match["host"].lower()]
            address = f"https://{match['host'].lower()}.{match['end'].lower()}/{match['path']}"
            if network == "LinkedIn":
                address = f"https://www.linkedin.com/{match['path']}"
            profiles.setdefault(network, (network, match["user"], address))
        elif url is None and re.fullmatch(
            r"(?:https?://)?[\w.-]+\.[a-z]{2,10}(?:/[\w./~%-]*)?", bare, re.ASCII
        ):
            url = bare if bare.startswith("http") else f"https://{bare}"
    return tuple(profiles.values()), url


def _location(text: str) -> dict[str, str] | None:
    if match := _PREFECTURE.search(text):
        value = {
            "address": match["rest"].strip(),
            "postalCode": match["code"],
            "region": match["region"],
            "countryCode": "JP",
        }
        return {key: each for key, each in value.items() if each}
    for part in re.split(r"[|｜•·;\n\t]|\s{3,}", text):
        if match := _CITY_AND_STATE.fullmatch(part.strip()):
            value = {"city": match["city"], "region": match["region"], "postalCode": match["code"]}
            return {key: each for key, each in value.items() if each}
    return None


def _headline(text: str) -> str | None:
    """Return a line of the head that names an occupation and nothing else."""
    for line in text.splitlines():
        stripped = line.strip()
        is_short = 2 <= count_words(stripped) <= _HEADLINE_WORDS
        is_plain = stripped[:1].isupper() and not re.search(r"[@|:：.]|\d", stripped)
        if is_short and is_plain and OCCUPATION.search(stripped):
            return stripped
    return None
