"""One spelling for what was read: nothing that cannot be seen or stored, the rest as it is."""

import re
import unicodedata
from typing import Final

# U+F900.. and U+2F800..: variants of ideographs, common in Japanese names, that NFC would replace by others.
_KEPT_VARIANTS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
# Radicals that faulty font tables give for everyday ideographs, and Latin ligatures: NFKC undoes both.
_STAND_INS = re.compile("[\u2f00-\u2fd5\ufb00-\ufb06]")
# Carry text that no one sees; the only use today is to smuggle instructions.
_TAGS = re.compile("[\U000e0000-\U000e007f]")
# C0 and C1 controls, soft hyphen, zero-width space and joiner, marks of direction, interlinear marks,
# noncharacters. Not U+200C and U+200D: some scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff]"
)
# Spaces of other widths; not U+3000, which Japanese text uses on purpose.
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Bullets of the Symbol and Wingdings fonts, whose glyphs stand at U+F000 and above.
_SYMBOL_BULLETS: Final = dict.fromkeys(
    map(ord, "\uf06c\uf06e\uf071\uf075\uf076\uf09f\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc"), "•"
)
LINE_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002fa1f"
_CJK_CHARACTER = re.compile(f"[{CJK}々〆ー]")
_WORD = re.compile(rf"[^\W{CJK}_]+(?:['’.\-+#/&][^\W{CJK}_]+)*")
# A language that writes no spaces: about two characters of Japanese make a word.
_CJK_CHARACTERS_PER_WORD = 2


def tags(text: str) -> str:
    """The invisible characters of `text` that carry text."""
    return "".join(_TAGS.findall(text))


def show_tags(text: str) -> str:
    """Return `text` with the invisible characters that carry text as the letters that they stand for."""
    return _TAGS.sub(lambda found: chr(ord(found[0]) - 0xE0000), text)


def count_private(text: str) -> int:
    """How many characters of `text` no meaning is known for (icon fonts, missing tables)."""
    return len(_PRIVATE.findall(text.translate(_SYMBOL_BULLETS))) + text.count("\ufffd")


def normalize_line(text: str) -> str:
    """Return one line without line breaks, invisible characters, lone surrogates and trailing spaces."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _INVISIBLE.sub("", LINE_BREAKS.sub(" ", text))
    text = _PRIVATE.sub(" ", text.translate(_SYMBOL_BULLETS))
    text = _SPACES.sub(" ", _TAGS.sub("", text)).replace("\ufffd", "")
    text = _STAND_INS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    parts = _KEPT_VARIANTS.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts).rstrip()


def count_words(text: str) -> int:
    """Words of text with spaces, plus one for every two characters of Japanese."""
    return len(_WORD.findall(text)) + (count_cjk(text) + 1) // _CJK_CHARACTERS_PER_WORD


def tokens(text: str) -> list[str]:
    """Words, and single characters of Japanese, for comparing two orders of reading."""
    return _TOKEN.findall(text)


_TOKEN = re.compile(rf"[{CJK}]|[^\s{CJK}]+")


def count_cjk(text: str) -> int:
    """How many characters of `text` are Japanese."""
    return len(_CJK_CHARACTER.findall(text))


def has_letters(text: str) -> bool:
    """Whether anything in `text` can be read aloud."""
    return any(character.isalnum() for character in text)
