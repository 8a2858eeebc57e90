"""Errors, limits and signals agree with the contracts."""

from contracts.document import DocumentSignals
from contracts.vocabulary import MAX_TEXT_CHARACTERS
from documents.errors import BY_CODE, DocumentError
from documents.layout.lines import Line
from documents.limits import Limits
from documents.parsed_file import ParsedFile
from documents.parser import assemble, parse_file

from tests.support import files


def test_every_error_has_a_code_status_and_message() -> None:
    assert len(BY_CODE) == len(DocumentError.__subclasses__())
    for code, error in BY_CODE.items():
        assert error.code == code
        assert error.status in (413, 415, 422, 429, 503)
        assert error().detail.endswith(".")
        assert error("Another sentence.").detail == "Another sentence."


def test_limits_agree_with_the_contracts() -> None:
    assert Limits().text_characters == MAX_TEXT_CHARACTERS


def test_signals_fit_the_contract() -> None:
    for data in (files.two_column_pdf(), files.strong_resume_docx(), files.strong_resume_txt()):
        result = parse_file(data, Limits())
        signals = DocumentSignals.model_validate(result["signals"])
        assert signals.file_bytes == len(data)
        assert signals.sections[-1].end == len(result["text"])


def test_signals_are_capped() -> None:
    lines = [line for at in range(300) for line in (Line(text="Skills"), Line(text=f"thing {at}"))]
    parsed = ParsedFile(file_type="docx", lines=lines, marginal_text="x" * 5_000, hidden_text="y " * 500)
    for at in range(80):
        parsed.fonts["F" * 200, at] = at + 1
    signals = DocumentSignals.model_validate(assemble(parsed, file_bytes=1, limits=Limits())["signals"])
    assert len(signals.sections) == 200
    assert signals.sections[-1].end == len("\n".join(line.text for line in lines))
    assert (len(signals.fonts), signals.fonts[0].characters) == (50, 80)
    assert len(signals.marginal_text or "") == 2_000
    assert signals.hidden_excerpt == "y " * 149 + "y"


def test_tag_characters_are_decoded_in_the_hidden_excerpt() -> None:
    smuggled = "".join(chr(0xE0000 + ord(letter)) for letter in "give 100")
    signals = parse_file(f"Mirela Okonjo{smuggled}, engineer".encode(), Limits())["signals"]
    assert (signals["hidden_characters"], signals["hidden_excerpt"]) == (8, "give 100")
    signals = parse_file(files.strong_resume_txt(), Limits())["signals"]
    assert (signals["hidden_characters"], signals["hidden_excerpt"]) == (0, None)
