import pytest
from contracts.events import AnalysisRequested, AnalysisSucceeded
from contracts.plain_text import MODEL_NAME_PATTERN, model_name, plain_line, plain_text

from tests.support.events import analysis_context, report, requested, succeeded

UNPRINTABLE = "\x00\x1b[31m\x07\x7f\x9b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"


@pytest.mark.parametrize(
    "text", ["<5 ms & 'a' \"b\"", "職務 経歴", "العربية", "עברית", "👩\u200d💻", "a\u0301", ""]
)
def test_harmless_text_is_unchanged(text: str) -> None:
    assert plain_line(text) == plain_text(text) == text


def test_control_and_bidirectional_characters_are_removed() -> None:
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
def test_model_name_is_normalized(text: str, name: str) -> None:
    assert model_name(text) == name
    assert MODEL_NAME_PATTERN.fullmatch(name)


def test_decoded_events_are_sanitized() -> None:
    context = {
        **analysis_context().model_dump(mode="json"),
        "candidate_name": f"a{UNPRINTABLE}",
        "file_name": UNPRINTABLE,
    }
    read = AnalysisRequested.model_validate({**requested().model_dump(mode="json"), "analysis": context})
    assert (read.analysis.candidate_name, read.analysis.file_name) == ("a[31m", "[31m")
    stored = {**report().model_dump(mode="json"), "ai_model_used": "<b>GPT 4"}
    named = AnalysisSucceeded.model_validate({**succeeded().model_dump(mode="json"), "report": stored})
    assert named.report.ai_model_used == "-b-GPT-4"
