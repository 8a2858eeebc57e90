"""Tell Windows-1252 from Mac Roman by what each makes of the bytes above ASCII.

The same byte is é in one and Ž in the other. In the right encoding accented letters stand in words, in the
case of their neighbours, and quotes, dashes and bullets stand where sentences have them.
"""

import re
from typing import Final

# At most one letter in three of Western text has an accent.
_ACCENT_SHARE: Final = 0.34
_DAMAGED_SHARE: Final = 0.01
# Windows is the rule. Mac Roman has to explain the average character better by so much. If lines end in
# a lone carriage return, as on old Macs, any advantage is enough.
_MAC_ADVANTAGE: Final = 0.6

_USUAL: Final = "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœ"
_RARE: Final = "šžÿýþðıªº"
_LETTER: Final = f"[A-Za-z{_USUAL}{_RARE}{_USUAL.upper()}ŠŽŸÝÞÐ]"
_LOWER: Final = f"[a-z{_USUAL}{_RARE}]"
_UPPER: Final = f"[A-Z{_USUAL.upper()}ŠŽŸÝÞÐ]"
# What is expected of a character with the character before and after it, and how much it tells.
_EXPECTED: Final = tuple(
    (re.compile(pattern, re.MULTILINE), weight)
    for pattern, weight in (
        # Lower case beside lower case or a capital; upper case at the start of a word or among capitals.
        (f"(?<={_LETTER})[{_USUAL}]|[{_USUAL}](?={_LOWER})", 1.0),
        (f"(?<={_LETTER})[{_RARE}]|[{_RARE}](?={_LOWER})", 0.5),
        (f"(?<!{_LETTER})[{_USUAL.upper()}](?={_LETTER})", 1.0),
        (f"(?<!{_LETTER})[ŠŽŸÝÞÐ](?={_LETTER})", 0.5),
        (f"(?<={_UPPER})[{_USUAL.upper()}ŠŽŸÝÞÐ](?!{_LOWER})", 1.0),
        # Prepositions in one letter: "à Paris", "São João e Évora".
        ("(?<= )[àÀéèóòìùâ](?= )", 0.5),
        (f"(?<={_LETTER})’(?={_LETTER})", 1.0),
        ("(?<=[A-Za-z.,!?…])[’”](?![A-Za-z])|(?<![A-Za-z])[‘“](?=[A-Za-z])", 1.0),
        ("«(?=[\\s\xa0\\w])|(?<=[\\s\xa0\\w.])»", 1.0),
        ("(?<=[ \t\\d])[–—](?=[ \t\\d\r\n])", 1.0),
        (f"(?<={_LETTER})[–—](?={_LETTER})", 0.5),
        ("^[ \t]*[•·–—](?=[ \t])|(?<= )[•·](?= )", 1.0),
        ("(?<=\\w)…", 1.0),
        ("(?<=[\\d\\s(])[€£¥§©®™°±µ]|[€£¥°](?=[\\s\\d,.)])|(?<=\\w)[®™©°]", 1.0),
        ("\xa0", 0.5),
    )
)


# The beginning of a file is enough to tell.
_SAMPLE: Final = 65_536


def decode_western(data: bytes) -> str | None:
    """Decode Windows-1252 or Mac Roman, or return None if the bytes are no text of Western Europe."""
    windows = data.decode("cp1252", "replace")
    accents = sum(character > "\x7f" for character in windows)
    if not windows or accents > _ACCENT_SHARE * len(windows):
        return None
    if _is_mac_roman(data[:_SAMPLE]):
        return data.decode("mac_roman")
    return windows if windows.count("\ufffd") <= _DAMAGED_SHARE * len(windows) + 1 else None


def _is_mac_roman(data: bytes) -> bool:
    accents = sum(byte > 0x7F for byte in data)
    if not accents:
        return False
    windows, mac = (_plausibility(data.decode(encoding, "replace")) for encoding in ("cp1252", "mac_roman"))
    has_mac_lines = b"\r" in data and b"\n" not in data
    return mac - windows > (0.0 if has_mac_lines else _MAC_ADVANTAGE * accents)


def _plausibility(text: str) -> float:
    """Return the sum over the characters above ASCII: up to 1 for an expected one, -1 for any other."""
    text = text.replace("\r", "\n")
    expected: dict[int, float] = {}
    for pattern, weight in _EXPECTED:
        for found in pattern.finditer(text):
            expected[found.start()] = max(weight, expected.get(found.start(), 0.0))
    places = {at for at, character in enumerate(text) if character > "\x7f"}
    return sum(expected.get(at, -1.0) for at in places)
