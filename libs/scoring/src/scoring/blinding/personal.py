"""Find personal details that must not decide: age, gender, nationality, family, religion and pronouns."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scoring.language.edits import Edit

PERSONAL: Final = "[PERSONAL]"
PRONOUN: Final = "[PRONOUN]"
LABELLED_NAME: Final = "[NAME]"
_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Hh]ers?|[Hh]is|[Hh]imself|[Hh]erself)"
    r"(?:\s?/\s?(?:he|she|they|him|hers?|them|his|theirs?))*\b"
    r"|\b[Tt]hey\s?/\s?them(?:\s?/\s?theirs)?\b|\b(?:Mr|Mrs|Ms|Miss|Mx)\b\.?(?=\s[A-Z])|彼女"
    r"|彼(?=[はがのをにも])"
)
# A label at the start of a line or of a part of it, then a colon or a cell, which are optional in Japanese.
_LABEL: Final = (
    r"(?im)(?:^|[|｜;；\t])[ \t•*・■-]{{0,4}}(?:(?:{english})[ \t]{{0,3}}(?:[:：]|\t)"
    r"|(?:{japanese})[ \t　]{{0,3}}[:：]?)[ \t　]{{0,3}}"
    r"(?P<value>[^\n|｜;]{{{fewest},{most}}}(?<!\s))"
)
_LABELLED = re.compile(
    _LABEL.format(
        english=r"(?:date|year|place) of birth|birth ?(?:date|day|place)|d\.?o\.?b\.?|born|gender|sex|age"
        r"|nationality|citizenship|marital status|family status|civil status|religion|ethnicity|race|pronouns"
        r"|children|dependants|dependents|photo(?:graph)?|passport(?: no\.?| number)?|visa(?: status)?"
        r"|blood type|height|weight",
        japanese="生年月日|性[ 　]?別|年[ 　]?齢|国[ 　]?籍|配偶者(?:の扶養義務)?|扶養家族数?"
        "(?:（配偶者を除く）)?|出身地|本籍地?|血液型|写真",
        fewest=1,
        most=60,
    )
)
_LABELLED_ADDRESS = re.compile(
    _LABEL.format(
        english=r"(?:home |postal |current |permanent |mailing )?address|residence",
        japanese="現住所|住[ 　]?所|連絡先住所",
        fewest=2,
        most=120,
    )
)
_LABELLED_NAME = re.compile(
    _LABEL.format(
        english=r"(?:full |first |last |family |given )?name|surname",
        japanese=r"氏[ 　]*名|名[ 　]*前|ふ[ 　]*り[ 　]*が[ 　]*な|フ[ 　]*リ[ 　]*ガ[ 　]*ナ",
        fewest=2,
        most=40,
    )
)
# "Nationality British Airways" names an employer.
_EMPLOYER: Final = (
    r"Air(?:lines?|ways)|Aerospace|Bank|College|Council|Cross|Energy|Gas|Group|Hospital|Inc|Insurance|Library"
    r"|Life|Ltd|Motors?|Museum|Oil|Petroleum|Post|Rail(?:road|ways?)?|School|Steel|Telecom|University|Water"
)
# Without a colon, the value must read as one: "Gender equality" and "Age - based" are about work.
_CELL: Final = r"(?im)(?:^|[|｜;；\t])[ \t•*・■-]{0,4}"
_CELL_END: Final = r"(?=[ \t]{0,4}(?:$|[|｜;；\t]))"
_GAP: Final = r"(?:[ \t]{1,3}[-–—][ \t]{1,3}| {2,20})"
_LABELLED_LOOSELY = re.compile(
    rf"{_CELL}(?:"
    rf"(?:(?:date|year|place) of birth|birth ?(?:date|day|place)|d\.?o\.?b\.?|gender|sex|nationality"
    rf"|citizenship|(?:marital|family|civil) status|religion|ethnicity|pronouns|blood type"
    rf"|passport (?:no\.?|number)|visa status){_GAP}(?P<any>[^\n|｜;\t]{{1,40}}(?<!\s))"
    rf"|(?:age|children|dependants|dependents|height|weight){_GAP}"
    r"(?P<number>(?:\d|none\b|no\b|one\b|two\b|three\b)[^\n|｜;\t]{0,20}(?<!\s))"
    r"|(?:(?:date|year) of birth|birth ?(?:date|day)|d\.?o\.?b\.?) "
    r"(?P<date>(?=[^\n]{0,20}\d)[^\n|｜;\t]{2,30}(?<!\s))"
    rf"|(?:place of birth|birthplace|(?:nationality|citizenship)(?![^\n|]{{0,60}} (?:{_EMPLOYER})\b)) "
    r"(?P<place>(?-i:[A-Z])[^\W\d]{1,20}(?:(?:, |/|-| and | )(?-i:[A-Z])[^\W\d]{1,20}){0,3})"
    rf"|(?:gender|sex) (?P<gender>(?:fe)?male|man|woman|non-binary|[mfx])){_CELL_END}"
)
_NAMED_LOOSELY = re.compile(
    rf"{_CELL}(?:(?:full |first |last |family |given )?name|surname){_GAP}"
    rf"(?P<value>(?-i:[A-Z])[^\n|｜;\t]{{1,39}}(?<!\s)){_CELL_END}"
)
_ADDRESSED_LOOSELY = re.compile(
    rf"{_CELL}(?:(?:home |postal |current |permanent |mailing )?address|residence){_GAP}"
    rf"(?P<value>(?=[^\n]{{0,60}}\d)[^\n|｜;\t]{{2,80}}(?<!\s)){_CELL_END}"
)
# Without a label: a birthday, an age, and words about the family that fill a line or a part of it.
_AGE_OR_BIRTH = re.compile(
    r"(?:(?:19|20)\d\d\s?年|(?:昭和|平成)\s?\d{1,2}\s?年)"
    # "2019年3月生産" is no birth, and "1990年生まれの顧客" is not the person's.
    r"(?:\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s?生(?:まれ|(?![一-鿿]))|(?:\s?\d{1,2}\s?月)?\s?生まれ(?![の以]))"
    r"(?:\s?[(（]?\s?満?\s?\d{2}\s?[歳才]\s?[)）]?)?|[(（]?満\s?\d{2}\s?[歳才](?!以)[)）]?"
    r"|\b[Bb]orn (?:on |in )?(?:\d{1,2}(?:st|nd|rd|th)? )?(?:[A-Z][a-z]{2,8}\.? )?(?:\d{1,2}, )?"
    r"(?:19|20)\d\d(?: in [A-Z]\w+(?:, [A-Z]\w+)?)?"
    # "A product born in Berlin" is not the person.
    r"|(?:(?m:^[ \t•*・■-]{0,4})|(?<=[|｜•·] )|(?<=\bI was ))[Bb]orn (?:and raised )?in "
    r"[A-Z][\w'-]{1,30}(?:,? [A-Z][\w'-]{1,30}){0,4}"
    r"|(?:(?m:^[ \t•*・■-]{0,4})|(?<=[|｜•·,] )|(?<=\bI am a ))(?:[Pp]roud )?(?:[Mm]other|[Ff]ather"
    r"|[Mm]um|[Mm]om|[Dd]ad|[Pp]arent) (?:of|to) (?:one|two|three|four|five|six|\d|twins)\b"
    r"(?: (?:(?:young|small) )?(?:children|kids|boys|girls|sons|daughters))?"
    # "30歳以下の社員" are not the person.
    r"|(?:(?m:^)|(?<=[|｜•·,/／\t]))[ \t　・■-]{0,4}[(（]?\d{2}\s?[歳才][)）]?"
    r"(?=[ \t　]{0,4}(?:(?m:$)|[|｜•·/／\t]))"
    # "10-year-old pupils" are not the person.
    r"|(?m:^|(?<=\bI am )|(?<=\bI'm )|(?<=\bI am a )|(?<=\bI'm a ))\d{2}[- ]years?[- ]old\b"
    r"|(?<=\bI am )\d{2}(?=[,.])"
)
_ALONE = re.compile(
    r"(?im)(?:^|(?<=[|｜•·,/]))[ \t•*・■-]{0,4}(?:(?:married|single|father|mother),?(?: with| of)?"
    r"[^\n|,•]{0,12}(?:child(?:ren)?|kids?)"
    r"|aged? \d{2}|male|female|non-binary|(?:un)?married|single|divorced|widowed|男性?|女性?|独身|既婚|未婚"
    r"|[A-Z][a-z]{2,14} (?:citizen|national|nationality|passport(?: holder)?)|[一-鿿ァ-ヺー]{2,8}国籍"
    r"|(?:she/her|he/him)(?:/\w+)?)[ \t]{0,4}(?=$|[|｜•·,/])"
)
# Behind a name. A number alone is an age in brackets, or behind a comma at the end of a line or a part of it.
_GENDER_TOO: Final = r"(?:[ \t　]?[、,・/／ 　][ \t　]?(?:男性?|女性?|(?:[Ff]e)?[Mm]ale|[MF])(?!\w))?"
_AGE_BEHIND_NAME = re.compile(
    r"[)）]?[ \t　]{0,3}(?:"
    r"(?P<bracket>[(（][ \t　]?(?:満|[Aa]ged?)?[ \t　]?\d{2}[ \t]?(?:[歳才]|years? old|y/?o)?"
    rf"{_GENDER_TOO}[ \t　]?[)）])"
    r"|(?:[,、，/／・–—-][ \t　]{0,2})?"
    rf"(?P<unit>(?:満|[Aa]ged? )?\d{{2}}[ \t]?(?:[歳才](?!以)|years? old\b){_GENDER_TOO})"
    # "12/2020" is a date.
    r"|[,、，][ \t　]?(?P<end>(?:[Aa]ged? )?(?:1[5-9]|[2-8]\d))"
    r"(?=[ \t　]{0,4}(?:(?m:$)|[|｜•·\t]|[/／](?!\d))))"
)
# Leave that gives the gender away.
_LEAVE = re.compile(r"\b(?:[Mm]aternity|[Pp]aternity) leave\b|産前産後休[業暇]|産休")


def find_personal(text: str) -> list[Edit]:
    """Return the edits that remove labelled and usual personal details."""
    found = [
        *_find_values(_LABELLED_NAME, text, LABELLED_NAME),
        *_find_values(_LABELLED_ADDRESS, text, "[ADDRESS]"),
        *_find_values(_LABELLED, text, PERSONAL),
        *_find_values(_NAMED_LOOSELY, text, LABELLED_NAME),
        *_find_values(_ADDRESSED_LOOSELY, text, "[ADDRESS]"),
        *_find_values(_LABELLED_LOOSELY, text, PERSONAL),
    ]
    for pattern in (_AGE_OR_BIRTH, _ALONE):
        found += [Edit(start=m.start(), end=m.end(), replacement=PERSONAL) for m in pattern.finditer(text)]
    return found


def find_ages(text: str, names: Sequence[Edit]) -> Iterator[Edit]:
    """Yield the edits that remove an age which stands behind a name."""
    for name in names:
        if match := _AGE_BEHIND_NAME.match(text, name.end):
            kind = match.lastgroup or 0
            yield Edit(start=match.start(kind), end=match.end(kind), replacement=PERSONAL)


def find_leave(text: str) -> list[Edit]:
    """Return the edits that write parental leave in words that name no gender."""
    return [
        Edit(start=m.start(), end=m.end(), replacement="parental leave" if m.group().isascii() else "休業")
        for m in _LEAVE.finditer(text)
    ]


def find_pronouns(text: str) -> list[Edit]:
    """Return the edits that remove pronouns and forms of address with a gender."""
    return [Edit(start=m.start(), end=m.end(), replacement=PRONOUN) for m in _PRONOUN.finditer(text)]


def _find_values(pattern: re.Pattern[str], text: str, replacement: str) -> Iterator[Edit]:
    """Yield an edit for the named group of each match, which is the value beside a label."""
    for match in pattern.finditer(text):
        value = match.lastgroup or 0
        yield Edit(start=match.start(value), end=match.end(value), replacement=replacement)
