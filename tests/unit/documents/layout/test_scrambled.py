"""Passages that reading straight across the page tears apart."""

import docx
import pytest
from documents.layout.naive_reading.scrambled import find_scrambled
from documents.limits import Limits
from documents.parser import parse_file

from tests.support.documents import raw_files
from tests.support.files import strong_resume_pdf
from tools.evaluation import templates
from tools.evaluation.resumes import resumes

WORK = "Led a team of nine engineers who moved every payment to a ledger of their own."
SIDE = "Python, Go and Kafka"


def test_passage_is_shown_beside_what_a_parser_reads() -> None:
    text = f"Profile\n{WORK}\nSkills\n{SIDE}"
    across = [
        "Profile Skills",
        f"Led a team of nine engineers who {SIDE}",
        "moved every payment to a ledger of their own.",
    ]
    (passage,) = find_scrambled(text, across)
    assert text[passage.start : passage.end].startswith("Led a team of nine engineers who moved")
    assert passage.read_as.startswith(f"Led a team of nine engineers who {SIDE}")


def test_japanese_passage_is_torn_between_two_characters() -> None:
    text = "職務要約\n小売業のクライアントに対する成長戦略の立案を主導した。\nスキル\n事業戦略"
    across = ["職務要約 スキル", "小売業のクライアントに対する 事業戦略", "成長戦略の立案を主導した。"]
    (passage,) = find_scrambled(text, across)
    assert text[passage.start : passage.end] == "小売業のクライアントに対する成長戦略の立案を主導した。"
    assert passage.read_as.startswith("小売業のクライアントに対する 事業戦略")


@pytest.mark.parametrize(
    "across",
    [
        # The same order, in other lines.
        ["Profile", WORK[:30], WORK[30:].strip(), "Skills", SIDE],
        # Whole lines in another order.
        ["Skills", SIDE, "Profile", WORK],
        # A word that was broken at the end of a row is not a word of the text.
        ["Profile", "Led a team of nine engi-", "neers who moved every payment to a ledger of their own."],
        [],
    ],
)
def test_whole_lines_are_not_torn(across: list[str]) -> None:
    assert find_scrambled(f"Profile\n{WORK}\nSkills\n{SIDE}", across) == []


def test_passages_are_few_and_short() -> None:
    lines = [f"Number {at}: " + " ".join(f"word{at}x{n}" for n in range(60)) for at in range(8)]
    across = [piece for line in lines for piece in (line[:100].rpartition(" ")[0], "Skills", line[100:])]
    found = find_scrambled("\n".join([*lines, "Skills"]), across)
    assert len(found) == 3
    assert all(each.end - each.start <= 200 and len(each.read_as) <= 200 for each in found)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_columns_of_a_pdf_are_torn_and_a_single_column_is_not(language: str) -> None:
    resume = next(each for each in resumes("strong") if each.language == language)
    for render, is_torn in ((templates.pdf_two_columns, True), (templates.pdf_one_column, False)):
        content = parse_file(render(resume), Limits())
        assert bool(content["signals"]["scrambled"]) is is_torn


def test_cells_of_a_layout_table_are_torn() -> None:
    document = docx.Document()
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    left.text = "Led a team of nine engineers\nwho moved every payment\nand closed the books early"
    right.text = "Python and Go\nKafka streams\nTerraform"
    signals = parse_file(raw_files.save_docx(document), Limits())["signals"]
    assert signals["parse_survival"] < 1
    # Each line of a cell is a paragraph of its own, so that none is torn.
    assert signals["scrambled"] == []
    assert parse_file(strong_resume_pdf(), Limits())["signals"]["scrambled"] == []
