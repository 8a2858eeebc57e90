"""Spell kana in Latin letters, so that a name can be recognised in either script."""

import re
import unicodedata
from typing import Final

_VOWELS: Final = ("a", "i", "u", "e", "o")
_ROWS: Final = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_SPELLINGS: Final = {
    **{kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, _VOWELS, strict=True)},
    "し": "shi",
    "じ": "ji",
    "ち": "chi",
    "ぢ": "ji",
    "つ": "tsu",
    "づ": "zu",
    "ふ": "fu",
    "を": "o",
    "や": "ya",
    "ゆ": "yu",
    "よ": "yo",
    "わ": "wa",
    "ん": "n",
    "ゔ": "vu",
    "ゎ": "wa",
}
_SMALL: Final = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_KANA = re.compile("[ぁ-ゖァ-ヺー]+")
# Spellings of one sound: "si" and "shi", "m" before "p", long vowels written or left out.
_SAME_SOUND: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shi|si", "si"), ("sh|sy", "s"), ("chi|ti", "ti"), ("ch|cy|ty", "t"), ("tsu|tu", "tu"),
        ("ji|zi|di", "zi"), ("j|jy|zy", "z"), ("fu|hu", "hu"), ("m(?=[bp])", "n"), ("dzu|du", "zu"),
        ("oh(?![aiueoy])", "o"), ("o[uo]+", "o"), ("uu+", "u"), ("aa+", "a"), ("ee+", "e"), ("ii+", "i"),
        ("tt|tc", "t"), ("([kspbdgz])\\1", "\\1"), ("(?<=[^aiueo])y", ""), ("'|-", ""),
    )
)  # fmt: skip
# Names of one sound are usual words ("の", "ai").
_SHORTEST: Final = 3


def is_kana(text: str) -> bool:
    """Return True if a text is kana alone."""
    return _KANA.fullmatch(text) is not None


def is_romaji(text: str) -> bool:
    """Return True if a Latin word can be the spelling of a Japanese one."""
    return (
        re.fullmatch(
            r"(?:(?:[kgszjtdnhbpmrfwy]|[kgnbpmrh]y|sh|ch|ts|ss|tt|kk|pp)?[aiueo]|n(?![aiueoy]))+h?", text
        )
        is not None
    )


def sound_of(name: str) -> str:
    """Return a key that all spellings of a name share, or "" for names in kanji and very short ones."""
    text = unicodedata.normalize("NFD", name).lower()
    text = "".join(char for char in text if not "\u0300" <= char <= "\u036f")
    text = unicodedata.normalize("NFC", name) if _KANA.search(name) else text
    latin = _spell(text) if _KANA.fullmatch(text) else text
    if not latin.isascii() or not latin.isalpha() or len(latin) < _SHORTEST:
        return ""
    for pattern, sound in _SAME_SOUND:
        latin = pattern.sub(sound, latin)
    return latin


def _spell(kana: str) -> str:
    """Spell a run of kana. The sign of a long vowel is left out."""
    hiragana = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in kana)
    spelled: list[str] = []
    is_doubled = False
    for char in hiragana:
        if char == "っ":
            is_doubled = True
            continue
        if char in _SMALL:
            small = _SMALL[char]
            base = spelled.pop() if spelled else ""
            base = base.rstrip("aiueo") if base else ""
            # "しゃ" is "sha", "ふぁ" is "fa", "きゃ" is "kya".
            sound = base + (small[1:] if base.endswith(("sh", "ch", "j")) and len(small) > 1 else small)
        elif char in _SPELLINGS:
            sound = _SPELLINGS[char]
        else:
            continue
        spelled.append((sound[:1] if is_doubled else "") + sound)
        is_doubled = False
    return "".join(spelled)
