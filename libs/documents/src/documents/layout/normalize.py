"""Normalization of extracted text: characters that cannot be seen or stored are removed, the rest is kept."""

import re
import unicodedata
from typing import Final

# U+F900.. and U+2F800..: variants of ideographs, common in Japanese names, that NFC would replace.
_KEPT_VARIANTS = re.compile("([\ufa0e-\ufa6d\U0002f800-\U0002fa1f]+)")
# Radicals and Korean duplicates that faulty font tables give for everyday ideographs, names of eras in one
# character, brackets of vertical text, Latin ligatures, and shapes of Hebrew and Arabic letters, except for
# whole phrases in one character. NFKC undoes all of them.
_COMPATIBILITY = re.compile(
    "[\u2e80-\u2fd5\u32ff\u337b-\u337e\uf900-\ufa0d\ufa70-\ufad9\ufb00-\ufb06\ufb1d-\ufb4f\ufb50-\ufdef"
    "\ufe10-\ufe19\ufe30-\ufe44\ufe47\ufe48\ufe70-\ufefc]"
)
# Radicals that have no compatibility mapping, and those whose mapping is not the Japanese form.
_RADICALS: Final = str.maketrans(
    "⺒⺓⺝⺟⺠⺩⺮⻁⻄⻅⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻫⻬⻭⻯⻰⻲⻳⼾⻌⺅⺡⺘",
    "巳幺月母民王竹虎西见贝车長长门青页风飞食马骨鬼鱼鸟麦黄斉齐歯竜龙亀龟戸辶亻氵扌",
)
# Ligatures of the font Calibri, which Word maps to rare letters.
_CALIBRI: Final = {"\u019f": "ti", "\u01a9": "tt", "\u014c": "ft", "\u019e": "tf", "\u01ab": "tti"}
_CALIBRI_LIGATURE = re.compile("(?<=[a-z])[\u019f\u01a9\u014c\u019e\u01ab]|[\u019f\u01a9](?=[a-z])")
# Unicode tag characters: invisible copies of ASCII. In resumes their only use is to smuggle instructions.
_TAGS = re.compile("[\U000e0000-\U000e007f]")
# C0 and C1 controls, soft hyphen, zero-width space and joiner, direction marks, interlinear marks and
# noncharacters. U+200C and U+200D are not among them because some scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff]"
)
# A soft hyphen only marks where a word may break. Beside anything but letters, a program wrote it for a dash.
_DASH_LIKE = re.compile(r"(?<![^\W\d_])\xad+(?=.)|\xad+(?=[\W\d_])")
# Joiners of Arabic, Indic letters and emoji, which are only noise beside Latin ones.
_STRAY_JOINER = re.compile("(?<=[!-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?=[!-\u024f])")
# Characters that were lost in a change of encoding, up to three for one.
_LOST = tuple(
    (re.compile(pattern), character)
    for pattern, character in (
        (r"^(\s*)\ufffd{1,3}(?=\s+\S)", r"\1•"),
        (r"(?<=[\w.)] )\ufffd{1,3}(?= [\w(])|(?<=\d)\ufffd{1,3}(?=\d)", "–"),
        (r"(?<=[A-Za-z])\ufffd{1,3}(?=(?:s|t|re|ve|ll|d|m)\b)", "’"),
        (r"\ufffd+", ""),
    )
)
# Spaces of other widths, except for U+3000, which Japanese text uses on purpose.
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Bullets of the Symbol and Wingdings fonts, whose glyphs are mapped to U+F000 and above.
_SYMBOL_BULLETS: Final = dict.fromkeys(
    map(ord, "\uf06c\uf06e\uf071\uf075\uf076\uf09f\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc"), "•"
)
LINE_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002fa1f"
_CJK_CHARACTER = re.compile(f"[{CJK}々〆ー]")
# A word, or a single Japanese character.
TOKEN = re.compile(rf"[{CJK}]|[^\s{CJK}]+")
_WORD = re.compile(rf"[^\W{CJK}_]+(?:['’.\-+#/&][^\W{CJK}_]+)*")
# Japanese is written without spaces. About two characters make a word.
_CJK_CHARACTERS_PER_WORD = 2


def tag_characters(text: str) -> str:
    """Return the Unicode tag characters of `text`, which are invisible and carry hidden text."""
    return "" if text.isascii() else "".join(_TAGS.findall(text))


def decode_tags(text: str) -> str:
    """Return `text` with its Unicode tag characters replaced by the ASCII characters that they encode."""
    return _TAGS.sub(lambda found: chr(ord(found[0]) - 0xE0000), text)


def count_unknown_characters(text: str) -> int:
    """Count the characters without a known meaning, from icon fonts or missing character tables."""
    return len(_PRIVATE.findall(text.translate(_SYMBOL_BULLETS))) + text.count("\ufffd")


def is_private(text: str) -> bool:
    """Return True if `text` is one private character without a known meaning, such as an icon."""
    return _PRIVATE.fullmatch(text.translate(_SYMBOL_BULLETS)) is not None


def normalize_line(text: str) -> str:
    """Return one line without line breaks, invisible characters, lone surrogates and trailing spaces."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _INVISIBLE.sub("", _DASH_LIKE.sub("-", LINE_BREAKS.sub(" ", text)))
    text = _PRIVATE.sub(" ", text.translate(_SYMBOL_BULLETS))
    text = _SPACES.sub(" ", _TAGS.sub("", text))
    if "\ufffd" in text:
        for lost, character in _LOST:
            text = lost.sub(character, text)
    text = _compose(restore_letters(text))
    if "\u200c" in text or "\u200d" in text:
        text = _compose(_STRAY_JOINER.sub("", text))
    return text.rstrip()


def _compose(text: str) -> str:
    parts = _KEPT_VARIANTS.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def restore_letters(text: str) -> str:
    """Return `text` with ordinary letters for ligatures, radicals and other forms of one letter."""
    if text.isascii():
        return text
    text = _COMPATIBILITY.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS)
    )
    return _CALIBRI_LIGATURE.sub(lambda found: _CALIBRI[found[0]], text)


def count_words(text: str) -> int:
    """Count words separated by spaces, plus one for every two characters of Japanese."""
    return len(_WORD.findall(text)) + (count_cjk(text) + 1) // _CJK_CHARACTERS_PER_WORD


def tokens(text: str) -> list[str]:
    """Return the words and the single Japanese characters of `text`."""
    return TOKEN.findall(text)


def count_cjk(text: str) -> int:
    """Count the ideographs and kana of `text`."""
    return len(_CJK_CHARACTER.findall(text))


def has_letters(text: str) -> bool:
    """Return True if `text` contains a letter or a digit."""
    return any(character.isalnum() for character in text)
