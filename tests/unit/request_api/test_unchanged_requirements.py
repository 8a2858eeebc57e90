"""Requirements of a text can be sent back unchanged, whatever the text holds."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from matching.extraction import extract_requirements
from request_api.http.job_models import RequirementBody

_PIECES = st.sampled_from(
    ["Python", "SAP", "\t", "\u202e", "\u2066", "\x07", "\x9b", ", ", "語", "|", "\u2028"]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=20).map("".join)


# The first text loads the word lists.
@settings(deadline=None)
@given(_TEXTS)
@example("Python\tSAP")
@example("SAP\u202e module")
@example("a" * 79 + " \x07b")
def test_extracted_requirements_are_accepted_unchanged(written: str) -> None:
    for each in extract_requirements("", f"Requirements\n- {written}\nSkills\t{written}").requirements:
        body = RequirementBody.model_validate_json(
            each.model_dump_json(include={"id", "kind", "importance", "terms", "minimum", "weight"})
        )
        assert tuple(body.terms) == each.terms
