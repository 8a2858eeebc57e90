"""Texts that a match may carry, and the keys of requests for matches."""

from uuid import UUID, uuid4

import pytest
from contracts.vocabulary import MAX_TEXT_CHARACTERS
from request_api.domain.idempotency_key import IdempotencyKey
from request_api.domain.match import ResumeText

USER, JOB = uuid4(), uuid4()
FIRST, SECOND = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("Python", "Python"),
        ("x" * MAX_TEXT_CHARACTERS, "x" * MAX_TEXT_CHARACTERS),
        ("x" * (MAX_TEXT_CHARACTERS + 1), ""),
        (None, ""),
    ],
)
def test_text_that_no_event_can_carry_is_left_out(text: str | None, carried: str) -> None:
    assert ResumeText.of(text, None).text == carried


def fingerprint(*resume_ids: UUID, job: UUID = JOB) -> str:
    wanted = resume_ids or None
    return IdempotencyKey.for_matches("k", user_id=USER, job_id=job, resume_ids=wanted).fingerprint


def test_key_is_of_the_same_resumes_in_any_order() -> None:
    assert fingerprint(FIRST, SECOND) == fingerprint(SECOND, FIRST, FIRST)


def test_key_is_of_one_job_and_one_set_of_resumes() -> None:
    different = {fingerprint(FIRST), fingerprint(FIRST, SECOND), fingerprint(), fingerprint(job=uuid4())}
    assert len(different) == 4
