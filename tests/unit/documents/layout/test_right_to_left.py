"""Arabic and Hebrew PDF pages are read in the order in which a person reads them."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from documents.layout.right_to_left import is_right_to_left, join_letters
from documents.layout.rows import Word
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents import raw_files

HEBREW = [
    "מירלה אוקונג'ו",
    "ניהלתי צוות של 12 מהנדסים",
    "עבדתי עם Senior Software Engineers בחברה",
    "ניסיון ב-Kafka וב-Python 3",
    "2018 – 2021",
    "מ-2018 עד 2021.",
    "עלייה של 40% במכירות (ברבעון), ועוד: הישגים",
]
ARABIC = [
    "ميريلا أوكونجو",
    "قدت فريقا من 12 مهندسا",
    "خبرة في Apache Kafka و Python",
    "2018 - 2021",
    "عملت هناك من ٢٠١٨-٢٠٢١",
]
# Within these a line runs from left to right.
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 ]*[A-Za-z0-9]|[A-Za-z0-9]+%?|[\u0660-\u0669]+")
_MIRRORED = str.maketrans("()", ")(")


def visual(line: str) -> str:
    """Return the characters of a right-to-left line from left to right on the page."""
    parts, at = [], 0
    for run in _LATIN.finditer(line):
        parts += [*line[at : run.start()].translate(_MIRRORED), run[0]]
        at = run.end()
    return "".join([*parts, *line[at:].translate(_MIRRORED)][::-1])


class Page:
    """Draws text with a font whose glyphs are mapped to any characters."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.content: list[str] = []

    def draw(self, text: Iterable[str], *, x: float, y: float, size: float = 10) -> None:
        shown = "".join(f"{self._code(character):02x}" for character in text)
        self.content.append(f"BT /F2 {size} Tf 1 0 0 1 {x} {y} Tm <{shown}> Tj ET")

    def draw_letters(self, text: str, *, right: float, y: float) -> None:
        """Draw a line letter by letter from right to left, as programs with a layout engine do."""
        x = right
        for part in re.findall(rf"{_LATIN.pattern}|.", text):
            x -= 6 * len(part)
            self.draw(part.translate(_MIRRORED), x=x, y=y)

    def _code(self, character: str) -> int:
        return self.codes.setdefault(character, 0x21 + len(self.codes))

    def pdf(self) -> bytes:
        ranges = "\n".join(
            f"<{code:02x}> <{text.encode('utf-16-be').hex()}>" for text, code in self.codes.items()
        )
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            "1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(self.codes)} beginbfchar\n{ranges}\nendbfchar endcmap end end"
        )
        font = "<</Type/Font/Subtype/Type1/BaseFont/Courier/FirstChar 0/LastChar 255/ToUnicode 5 0 R>>"
        # Courier is 0.6 wide, so a letter of 10 pt is 6 pt wide.
        return raw_files.raw_pdf(
            "\n".join(self.content), extra=[font, raw_files.pdf_stream(cmap)], fonts="/F2 4 0 R"
        )


def text_of(page: Page) -> str:
    text: str = parse_file(page.pdf(), Limits())["text"]
    return text


def lines_of(page: Page) -> list[str]:
    return [line for line in text_of(page).split("\n") if line]


@pytest.mark.parametrize("lines", [HEBREW, ARABIC], ids=["Hebrew", "Arabic"])
def test_lines_drawn_from_left_to_right_are_read_from_right_to_left(lines: list[str]) -> None:
    page = Page()
    for number, line in enumerate(lines):
        page.draw(visual(line), x=540 - 6 * len(line), y=780 - 40 * number)
    assert lines_of(page) == lines


@pytest.mark.parametrize("lines", [HEBREW, ARABIC], ids=["Hebrew", "Arabic"])
def test_lines_drawn_letter_by_letter_are_read_from_right_to_left(lines: list[str]) -> None:
    page = Page()
    for number, line in enumerate(lines):
        page.draw_letters(line, right=540, y=780 - 40 * number)
    assert lines_of(page) == lines


def test_ligature_of_two_letters_is_read_in_order() -> None:
    page = Page()
    lam_alef = "\u0644\u0627"
    page.draw(["\u062a", lam_alef, "\u0635", "\u062a", lam_alef], x=400, y=780)
    page.draw("Kafka", x=300, y=780)
    assert lines_of(page) == ["\u0644\u0627\u062a\u0635\u0644\u0627\u062a\tKafka"]


def test_list_and_wrapped_paragraph_are_lines_of_their_own() -> None:
    page = Page()
    rows = [
        "ניסיון תעסוקתי",
        "• ניהלתי צוות של 12 מהנדסים במשך שלוש שנים וחסכתי הרבה מאוד כסף",
        "בכל שנה",
        "• בניתי מערכת",
    ]
    for number, row in enumerate(rows):
        right = 528 if row == "בכל שנה" else 540
        page.draw(visual(row), x=right - 6 * len(row), y=780 - 14 * number)
    assert lines_of(page) == [rows[0], f"{rows[1]} {rows[2]}", rows[3]]


def test_right_column_is_read_first() -> None:
    page = Page()
    right = ["כישורים", "• פייתון וקפקא", "• ניהול צוותים", "• עברית ואנגלית", "• תכנון מערכות"]
    left = [
        "ניסיון תעסוקתי בחברה גדולה",
        "• ניהלתי צוות של מהנדסים",
        "• בניתי מערכת לתשלומים",
        "• חסכתי כסף רב",
    ]
    for x, column in ((540, right), (340, left)):
        for number, row in enumerate(column):
            page.draw(visual(row), x=x - 6 * len(row), y=780 - 15 * number - (3 if x == 340 else 0))
    assert lines_of(page) == [*right, *left]


def test_entry_and_its_date_at_the_left_are_one_line() -> None:
    page = Page()
    for number, (entry, date) in enumerate([("מהנדסת בחברה", "2018 – 2021"), ("מנהלת צוות", "2021 – 2024")]):
        page.draw(visual(entry), x=540 - 6 * len(entry), y=780 - 40 * number)
        page.draw(visual(date), x=60, y=780 - 40 * number)
    assert lines_of(page) == ["מהנדסת בחברה\t2018 – 2021", "מנהלת צוות\t2021 – 2024"]


def test_words_in_an_english_page_are_read_in_their_own_direction() -> None:
    page = Page()
    page.draw("Mirela Okonjo, " + "מירלה בת חן"[::-1] + ", Senior Engineer", x=60, y=780)
    page.draw("Led a team of 12 engineers in Haifa from 2018 to 2021", x=60, y=740)
    page.draw("חיפה תל אביב"[::-1], x=60, y=700)
    assert lines_of(page) == [
        "Mirela Okonjo, מירלה בת חן, Senior Engineer",
        "Led a team of 12 engineers in Haifa from 2018 to 2021",
        "חיפה תל אביב",
    ]


def test_english_lines_in_a_hebrew_page_keep_their_order() -> None:
    page = Page()
    lines = [
        "מירלה אוקונגו מהנדסת תוכנה",
        "ניהלתי צוות גדול בחברה",
        "Senior Engineer, Acme Ltd. (2018 - 2021)",
    ]
    for number, line in enumerate(lines[:2]):
        page.draw(visual(line), x=540 - 6 * len(line), y=780 - 40 * number)
    page.draw(lines[2], x=60, y=700)
    assert lines_of(page) == lines


def letters(visual_text: str) -> list[Word]:
    return [
        Word(text=each, left=60 + 6 * at, right=66 + 6 * at, base=100, size=10, font="", bold=False, order=at)
        for at, each in enumerate(visual_text)
        if each != " "
    ]


def read(visual_text: str, *, mirrored: bool) -> str:
    words = join_letters(letters(visual_text), width=600, mirrored=mirrored)
    return " ".join(each.text for each in sorted(words, key=lambda word: word.left))


ABC = "\u05d0\u05d1\u05d2"
CBA = ABC[::-1]
ARABIC_CBA = "\u062a\u0628\u0627"


@pytest.mark.parametrize(
    ("visual_text", "expected"),
    [
        (f"2021. {CBA}", f"{ABC} .2021"),
        (f".2021 {CBA}", f"{ABC} 2021."),
        (f"(2021) {CBA}", f"{ABC} (2021)"),
        (f")2021( {CBA}", f"{ABC} (2021)"),
        (f"({CBA}) a(b) ", f"a(b) ({ABC})"),
        (f"{CBA} (1", f"1) {ABC}"),
        (f"40% {CBA}", f"{ABC} 40%"),
        (f"%40 {CBA}", f"{ABC} 40%"),
        (f"$3,000 {CBA}", f"{ABC} $3,000"),
        (f"Go, Python {CBA}", f"{ABC} Go, Python"),
        (f".Acme Ltd {CBA}", f"{ABC} Acme Ltd."),
        (f"Node.js {CBA}", f"{ABC} Node.js"),
        (f"C++ {CBA}", f"{ABC} C++"),
        (f"++C {CBA}", f"{ABC} C++"),
        (f"Node.js (TypeScript) {CBA}", f"{ABC} Node.js (TypeScript)"),
        (f".Python 3-{CBA}", f"{ABC}-Python 3."),
        (f"a.b@c.com {CBA}", f"{ABC} a.b@c.com"),
        (f"050-1234567 {CBA}", f"{ABC} 050-1234567"),
        (f"1234567-050 {ARABIC_CBA}", f"{ARABIC_CBA[::-1]} 050-1234567"),
        (f"2018-2021 {CBA}", f"{ABC} 2018-2021"),
        (f"2018-2021 {ARABIC_CBA}", f"{ARABIC_CBA[::-1]} 2018-2021"),
        (f"2021-2018 {ARABIC_CBA}", f"{ARABIC_CBA[::-1]} 2018-2021"),
        (f"\u0662\u0661-\u0661\u0668 {ARABIC_CBA}", f"{ARABIC_CBA[::-1]} \u0661\u0668-\u0662\u0661"),
        (f"05/2018 {ARABIC_CBA}", f"{ARABIC_CBA[::-1]} 05/2018"),
        ("2021 - 2018", "2018 - 2021"),
        ("Senior Engineer, 2018", "Senior Engineer, 2018"),
    ],
)
def test_numbers_and_latin_words_in_a_right_to_left_page_run_from_left_to_right(
    visual_text: str, expected: str
) -> None:
    assert read(visual_text, mirrored=True) == expected


@pytest.mark.parametrize(
    ("visual_text", "expected"),
    [
        (f"Led {CBA} {CBA} 12", f"Led {ABC} {ABC} 12"),
        (f"Led {CBA} 2021 {CBA} team", f"Led {ABC} 2021 {ABC} team"),
        (f"{CBA} 12 {CBA}", f"{ABC} 12 {ABC}"),
        ("Led 12 (of 20)", "Led 12 (of 20)"),
    ],
)
def test_right_to_left_words_in_another_page_run_from_right_to_left(visual_text: str, expected: str) -> None:
    assert read(visual_text, mirrored=False) == expected


def test_vowel_marks_follow_their_letters() -> None:
    word = letters(CBA)
    mark = replace(word[0], text="\u05b8", left=74.0, right=74.0)
    words = join_letters([*word, mark], width=600, mirrored=True)
    assert [each.text for each in words] == [f"{ABC[0]}\u05b8{ABC[1:]}"]


def test_page_without_such_letters_is_not_right_to_left() -> None:
    assert not is_right_to_left(letters("Senior Engineer 職務経歴"))
    assert not is_right_to_left(letters(f"Senior Engineer {CBA}"))
    assert is_right_to_left(letters(f"Go {CBA}"))
