from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pydantic import ValidationError
from request_api.domain.candidate import Candidate
from request_api.domain.resume import Upload
from request_api.http.analyses import AnalyzeBody
from request_api.http.candidates import CandidateBody, CandidateView
from request_api.http.uploads import StoredUpload, _file_name


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"first_name": "", "last_name": "B"}, "first_name"),
        ({"first_name": "A" + " " * 100, "last_name": "B"}, "first_name"),
        ({"first_name": "\x1cA", "last_name": "B"}, "first_name"),
        ({"first_name": "   ", "last_name": "B"}, "first_name"),
        ({"first_name": "A" * 101, "last_name": "B"}, "first_name"),
        ({"first_name": "A\x00", "last_name": "B"}, "first_name"),
        ({"first_name": "A\x85B", "last_name": "B"}, "first_name"),
        ({"first_name": "\ud800", "last_name": "B"}, "first_name"),
        ({"first_name": "\u3000\u2028", "last_name": "B"}, "first_name"),
        ({"first_name": "A", "last_name": "B", "email": "a@\u3000b"}, "email"),
        ({"first_name": "A", "last_name": "B", "email": "@b"}, "email"),
        ({"first_name": "A", "last_name": "B", "years_experience": 10**400}, "years_experience"),
        ({"first_name": "A"}, "last_name"),
        ({"first_name": "A", "last_name": "B", "email": "no address"}, "email"),
        ({"first_name": "A", "last_name": "B", "email": "a@" + "b" * 254}, "email"),
        ({"first_name": "A", "last_name": "B", "phone": "1" * 51}, "phone"),
        ({"first_name": "A", "last_name": "B", "years_experience": -1}, "years_experience"),
        ({"first_name": "A", "last_name": "B", "years_experience": True}, "years_experience"),
        ({"first_name": "A", "last_name": "B", "years_experience": 81}, "years_experience"),
    ],
)
def test_candidate_out_of_limits_is_refused(body: dict[str, object], place: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CandidateBody.model_validate(body)
    assert [error["loc"][0] for error in caught.value.errors()] == [place]


def test_empty_fields_of_a_form_are_none() -> None:
    body = CandidateBody(first_name=" 美奈 ", last_name="例", email="", phone="", current_company=" ")
    assert (body.first_name, body.email, body.phone, body.current_company) == ("美奈", None, None, None)


def test_invisible_characters_are_removed_from_names() -> None:
    body = CandidateBody(
        first_name="\u202a Mina\u202e \u2069",
        last_name="\u2067עברית\u2069",
        phone="\u202d+81 90\u202c",
        email="\u2068mina@example.com\u2069",
        current_company="\u202a\u202c",
    )
    assert (body.first_name, body.last_name, body.phone) == ("Mina", "עברית", "+81 90")
    assert (body.email, body.current_company) == ("mina@example.com", None)
    with pytest.raises(ValidationError):
        CandidateBody(first_name="\u202a\u202c", last_name="A")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "industry"),
        ({"industry": "astrology"}, "industry"),
        ({"industry": "general", "analysis_depth": "bottomless"}, "analysis_depth"),
        ({"industry": "general", "review_type": "none"}, "review_type"),
        ({"industry": "general", "focus_areas": ["x"] * 21}, "focus_areas"),
        ({"industry": "general", "focus_areas": ["x" * 101]}, "focus_areas"),
    ],
)
def test_invalid_options_of_an_analysis_are_refused(body: dict[str, object], place: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AnalyzeBody.model_validate(body)
    assert caught.value.errors()[0]["loc"][0] == place


def test_unknown_industry_names_the_accepted_ones() -> None:
    with pytest.raises(ValidationError, match="strategy_tech, ma_financial, consulting"):
        AnalyzeBody.model_validate({"industry": "astrology"})


def test_unknown_fields_are_ignored_and_depth_has_a_default() -> None:
    body = AnalyzeBody.model_validate({"industry": "tech_consulting", "surprise": 1})
    assert (body.industry, body.analysis_depth) == ("tech_consulting", "standard")


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("C:\\Users\\me\\cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("履歴書.docx", "履歴書.docx"),
        ("cv\x1b[31m\x9b\u202efdp.exe\u2066.pdf", "cv[31mfdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("", "resume"),
        (None, "resume"),
    ],
)
def test_file_name_is_sanitized(claimed: str | None, kept: str) -> None:
    assert _file_name(claimed) == kept


@pytest.mark.parametrize(("stored", "shown"), [(None, 0), (1, 1), (12, 12)])
def test_candidate_without_a_resume_has_version_0(stored: int | None, shown: int) -> None:
    candidate = Candidate(
        id=uuid4(),
        first_name="Mina",
        last_name="Example",
        email=None,
        phone=None,
        current_company=None,
        current_position=None,
        years_experience=None,
        status="active",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        total_resumes=shown,
        latest_resume_version=stored,
    )
    assert CandidateView.model_validate(candidate).latest_resume_version == shown


@pytest.mark.parametrize(("stored", "shown"), [(None, ""), ("", ""), ("Mina\nExample", "Mina\nExample")])
def test_unread_upload_has_an_empty_text(stored: str | None, shown: str) -> None:
    upload = Upload(
        id=uuid4(),
        candidate_id=uuid4(),
        uploaded_by_user_id=uuid4(),
        original_filename="cv.doc",
        file_size=1,
        mime_type="application/msword",
        version_number=1,
        status="error",
        extracted_text=stored,
        uploaded_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    assert StoredUpload.model_validate(upload).extracted_text == shown
