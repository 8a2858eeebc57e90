"""Events, their envelope and their vocabulary."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from contract_tools.files import event_schema
from contracts.catalogue import EVENTS
from contracts.envelope import decode, encode
from contracts.events import AnalysisPending, AnalysisRequested, Event, PublicEvent
from contracts.match_events import PublicMatchEvent
from contracts.vocabulary import INDUSTRIES, AnalysisStatus, Industry, KnownIndustry, ReportLanguage
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from tests.support.events import requested

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def pending(analysis_id: UUID) -> AnalysisPending:
    return AnalysisPending(
        version=1,
        analysis_id=analysis_id,
        resume_id=uuid4(),
        candidate_id=uuid4(),
        requested_by=uuid4(),
        industry="strategy_tech",
        requested_at=NOW,
        occurred_at=NOW,
    )


def test_encoded_event_is_decoded_unchanged() -> None:
    analysis_id = uuid4()
    event = pending(analysis_id)
    message = encode(event, source="/resume-review/results-api", traceparent=None, now=NOW)
    assert (message.topic, message.key) == ("resume-review.analysis-events.v1", str(analysis_id))
    assert message.headers == {
        "ce_specversion": "1.0",
        "ce_id": str(message.id),
        "ce_source": "/resume-review/results-api",
        "ce_type": "com.resume-review.analysis.pending.v1",
        "ce_subject": str(analysis_id),
        "ce_time": "2026-11-22T09:30:00+00:00",
        "content-type": "application/json",
    }
    assert decode(message.value, message.headers) == event


def test_trace_context_is_added_to_the_headers() -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    message = encode(pending(uuid4()), source="/resume-review/results-api", traceparent=traceparent)
    assert message.headers["traceparent"] == traceparent


def test_types_are_unique_and_carry_a_major_version() -> None:
    types = [event.type for event in EVENTS]
    assert len(set(types)) == len(types)
    assert all(name.startswith("com.resume-review.") and name.endswith(".v1") for name in types)


def test_every_concrete_event_is_listed() -> None:
    def leaves(event: type[Event]) -> set[type[Event]]:
        below = event.__subclasses__()
        return {event} if not below else set().union(*(leaves(one) for one in below))

    concrete = leaves(Event)  # type: ignore[type-abstract] # only its subclasses are used
    ours = ("contracts.events", "contracts.match_events")
    assert {event for event in concrete if event.__module__ in ours} == set(EVENTS)


def test_every_status_has_its_public_event() -> None:
    assert {event.status for event in PublicEvent.__subclasses__()} == set(AnalysisStatus)
    # A match takes milliseconds, so nothing announces that it runs.
    assert {event.status for event in PublicMatchEvent.__subclasses__()} == set(AnalysisStatus) - {
        AnalysisStatus.PROCESSING
    }


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_known_industry_is_accepted(industry: str) -> None:
    assert TypeAdapter(KnownIndustry).validate_python(industry) == industry
    assert TypeAdapter(Industry).validate_python(industry) == industry


def test_unknown_industry_is_rejected_with_a_list_of_known_ones() -> None:
    with pytest.raises(ValidationError, match="accepted are strategy_tech, ma_financial"):
        TypeAdapter(KnownIndustry).validate_python("astrology")


@pytest.mark.parametrize("industry", ["", "Strategy & Tech", "two words", "a\n", "職", "a" * 101])
def test_industry_in_an_event_must_be_one_word(industry: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Industry).validate_python(industry)
    TypeAdapter(Industry).validate_python("a_future_industry_2")


def request_value(**changes: object) -> dict[str, object]:
    """Return the value of an event without a report language, as older writers produce it."""
    value = requested().model_dump(mode="json", exclude={"report_language"})
    return {**value, **changes}


def test_missing_report_language_defaults_to_that_of_the_resume() -> None:
    assert AnalysisRequested.model_validate(request_value()).report_language is ReportLanguage.RESUME


@pytest.mark.parametrize("language", list(ReportLanguage))
def test_known_report_language_is_decoded_unchanged(language: ReportLanguage) -> None:
    event = AnalysisRequested.model_validate_json(requested(report_language=language).model_dump_json())
    assert event.report_language is language


@pytest.mark.parametrize("word", ["fr", "zh_hant", "japanese", "a" * 50])
def test_unknown_report_language_is_read_as_that_of_the_resume(word: str) -> None:
    value = request_value(report_language=word)
    Draft202012Validator(event_schema(AnalysisRequested)).validate(value)
    assert AnalysisRequested.model_validate(value).report_language is ReportLanguage.RESUME


@pytest.mark.parametrize("value", ["", "JA", "ja ", "日本語", "a" * 51, 1, None, ["ja"], True])
def test_invalid_report_language_is_rejected(value: object) -> None:
    poison = request_value(report_language=value)
    assert not Draft202012Validator(event_schema(AnalysisRequested)).is_valid(poison)
    with pytest.raises(ValidationError, match="report_language"):
        AnalysisRequested.model_validate(poison)
