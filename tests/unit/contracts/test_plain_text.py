import pytest
from contracts.events import AnalysisRequested, AnalysisSucceeded
from contracts.plain_text import MODEL_NAME_PATTERN, model_name, plain_line, plain_text

from tests.support.events import analysis_context, report, requested, succeeded

UNPRINTABLE = "\x00\x1b[31m\x07\x7f\x9b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"


@pytest.mark.parametrize(
    "text", ["<5 ms & 'a' \"b\"", "職務 経歴", "العربية", "עברית", "👩\u200d💻", "a\u0301", ""]
)
def test_text_stays_as_it_is(text: str) -> None:
    assert plain_line(text) == plain_text(text) == text


def test_what_a_terminal_obeys_or_what_turns_letters_around_is_taken_out() -> None:
    assert plain_line(f"a{UNPRINTABLE}\r\n\tb") == "a[31mb"
    assert plain_text(f"a{UNPRINTABLE}\r\n\tb") == "a[31m\n\tb"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rules/2026.11.4", "rules/2026.11.4"),
        ("GPT-4 Turbo (preview)", "GPT-4-Turbo-preview-"),
        ("<script>", "-script-"),
        ("x" * 101, "x" * 100),
    ],
)
def test_a_stored_name_of_a_model_is_made_one(text: str, name: str) -> None:
    assert model_name(text) == name
    assert MODEL_NAME_PATTERN.fullmatch(name)


def test_events_are_read_and_written_within_the_rules() -> None:
    """Also those that were written before there were rules."""
    about = {
        **analysis_context().model_dump(mode="json"),
        "candidate_name": f"a{UNPRINTABLE}",
        "file_name": UNPRINTABLE,
    }
    read = AnalysisRequested.model_validate({**requested().model_dump(mode="json"), "analysis": about})
    assert (read.analysis.candidate_name, read.analysis.file_name) == ("a[31m", "[31m")
    said = {**report().model_dump(mode="json"), "ai_model_used": "<b>GPT 4"}
    named = AnalysisSucceeded.model_validate({**succeeded().model_dump(mode="json"), "report": said})
    assert named.report.ai_model_used == "-b-GPT-4"
