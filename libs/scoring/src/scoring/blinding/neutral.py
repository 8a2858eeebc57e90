"""Write a text for people who must not know whose resume it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from scoring.blinding.contacts import ADDRESS, EMAIL, LINK, PHONE
from scoring.blinding.identity import find_identity
from scoring.blinding.names import NAME
from scoring.blinding.personal import PERSONAL, PRONOUN, find_leave
from scoring.language.edits import Edit, EditedText
from scoring.language.normalization import INVISIBLE

_ENGLISH: Final = {
    EMAIL: "[e-mail]", LINK: "[link]", PHONE: "[phone]", ADDRESS: "[address]", PERSONAL: "[personal detail]",
}  # fmt: skip
_JAPANESE: Final = {
    EMAIL: "［メール］", LINK: "［リンク］", PHONE: "［電話］", ADDRESS: "［住所］", PERSONAL: "［個人情報］",
}  # fmt: skip
_FILE: Final = ("[file name]", "［ファイル名］")
_REMOVED = re.compile("|".join(map(re.escape, [*_ENGLISH.values(), *_JAPANESE.values(), *_FILE])))
_NAMED = re.compile(r"\b[Tt]he candidate\b|\bcandidate\b|候補者|\bCandidate\b")
# Labels of details that are gone: "E-mail: [e-mail]", "氏名：候補者".
_LABEL = re.compile(
    r"(?i)\b(?:e-?mail|mail|phone|tel(?:ephone)?|mobile|cell|call|fax|[mtp](?=[:：])|web(?:site)?|homepage|url|linkedin"
    r"|github|gitlab|twitter|skype"
    r"|portfolio|blog|address|location|residence|contact|(?:full |first |last |family |given )?name"
    r"|surname|photo(?:graph)?"
    r"|(?:date|place|year) of birth|birth ?(?:date|day|place)|d\.?o\.?b|born|gender|sex|age|nationality"
    r"|citizenship|religion"
    r"|(?:marital|family|civil) status|page \d{1,2}(?: ?(?:of|/) ?\d{1,2})?"
    r"|pronouns|children|dependants|dependents|ethnicity|race|passport"
    r"|visa(?: status)?)\b"
    r"|氏[ 　]*名|名[ 　]*前|ふ[ 　]*り[ 　]*が[ 　]*な|フ[ 　]*リ[ 　]*ガ[ 　]*ナ|現?住[ 　]*所"
    r"|電話(?:番号)?|携帯(?:電話)?|メール(?:アドレス)?|連絡先"
    r"|生年月日|性[ 　]?別|年[ 　]?齢|国[ 　]?籍|配偶者(?:の扶養義務)?|扶養家族数?|出身地|本籍地?|血液型|写真"
)
_JAPANESE_CHARACTER = re.compile("[ぁ-ヿ一-鿿]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ACCOUNT_SIGN = re.compile(r"[_@/\\\d]|\.[A-Za-z]|[a-z][A-Z]")
_SENTENCE_START = re.compile(r"(?:^|\n|[.!?]\s{1,2}|[•‣◦▪●○–—*·-]\s{0,3})$")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx)\.?\s$")
# So much of a line decides its language.
_LINE: Final = 200
_ARTICLE = re.compile(r"(?i)\b(?:the|a|an|our|his|her|their)\s$")
_NEUTRAL: Final = {
    "he": "they", "she": "they", "him": "them", "himself": "themselves", "herself": "themselves",
    "his": "their", "hers": "theirs", "彼女": "本人", "彼": "本人",
}  # fmt: skip
# Before these and at the end, "her" is an object: "promoted her to", "with her."
_OBJECT = re.compile(
    r"\s?(?:$|[.,;:!?)\n]|(?:to|as|for|in|on|at|by|with|from|and|or|after|before|because|when|while"
    r"|into|about)\b)"
)
_DECLARED = re.compile(r"(?i)(?:he|she|they)\s?/")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindText:
    """A text without identity. `has_name` is False if no name of the person was recognised in it."""

    shown: EditedText
    has_name: bool

    def excerpt(self, start: int, end: int) -> str:
        """Return what is left of a span of the original, or "" if nothing but labels and signs is."""
        return clean(self.shown.excerpt(start, end))


def blind(text: str, *, names: Sequence[str] = ()) -> BlindText:
    """Remove the identity of a person from a text, which stays readable.

    Args:
        text: The original text.
        names: Known names of the person.
    """
    invisible = [Edit(start=m.start(), end=m.end(), replacement="") for m in INVISIBLE.finditer(text)]
    visible = EditedText(text, invisible)
    found = find_identity(visible.text, names=names)
    edits = [
        *(_neutral(visible.text, each) for each in found), *find_leave(visible.text)
    ]  # fmt: skip
    places = [(edit, visible.origin(edit.start, edit.end)) for edit in edits if edit.start < edit.end]
    original = [replace(edit, start=at.start, end=at.end) for edit, at in places if at]
    return BlindText(
        shown=EditedText(text, original, invisible), has_name=any(each.replacement == NAME for each in found)
    )


def clean(text: str) -> str:
    """Return a line without empty brackets, or "" if only labels and signs are left."""
    rest = _REMOVED.sub(" ", text)
    if rest != text or _NAMED.search(text):
        bare = _LABEL.sub(" ", _NAMED.sub(" ", rest))
        if not _LETTER_OR_DIGIT.search(bare):
            return ""
    return re.sub(r" {2,}", " ", re.sub(r"[(（]\s*[)）]", "", text)).strip()


def _neutral(text: str, edit: Edit) -> Edit:
    replacement = _write(text, edit)
    # The space behind a word without replacement goes with it.
    end = edit.end + (not replacement and text[edit.end : edit.end + 1] == " ")
    return replace(edit, end=end, replacement=replacement)


def _write(text: str, edit: Edit) -> str:
    source = text[edit.start : edit.end]
    is_japanese = _JAPANESE_CHARACTER.search(_line_around(text, edit)) is not None
    if edit.replacement == PRONOUN:
        return _neutral_pronoun(text, edit, source)
    if edit.replacement != NAME:
        return (_JAPANESE if is_japanese else _ENGLISH)[edit.replacement]
    if _ACCOUNT_SIGN.search(source) and not _JAPANESE_CHARACTER.search(source):
        return _FILE[is_japanese]
    if is_japanese:
        return "候補者"
    # "Mr." goes, too.
    before = _TITLE.sub("", text[max(0, edit.start - 16) : edit.start])
    if _ARTICLE.search(before):
        return "candidate"
    # At the start of a text, nothing precedes it.
    is_start = not before.strip() or _SENTENCE_START.search(before)
    return "The candidate" if is_start else "the candidate"


def _line_around(text: str, edit: Edit) -> str:
    start = max(text.rfind("\n", 0, edit.start), edit.start - _LINE)
    end = text.find("\n", edit.end, edit.end + _LINE)
    return text[start + 1 : end if end >= 0 else edit.end + _LINE]


def _neutral_pronoun(text: str, edit: Edit, source: str) -> str:
    word = source.lower()
    if _DECLARED.match(word) or "/" in word:
        return ""
    if word == "her":
        neutral = "them" if _OBJECT.match(text, edit.end) else "their"
    else:
        # "Mr", "Ms" and the like have no neutral form.
        neutral = _NEUTRAL.get(word, "")
    return neutral.capitalize() if source[0].isupper() else neutral
