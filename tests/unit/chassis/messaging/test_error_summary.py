"""Summaries of exceptions quote nothing of their input."""

import pytest
from chassis.messaging.consuming.records import PoisonRecord
from chassis.messaging.error_summary import error_locations, summarize_error
from pydantic import BaseModel, ValidationError

CANARY = "Jane Doe, Berlin"


class Thing(BaseModel):
    size: int
    colour: str


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate({"size": CANARY, "colour": [CANARY]})
    assert CANARY in str(caught.value)
    return caught.value


def test_validation_error_is_summarized_by_its_kinds() -> None:
    assert summarize_error(invalid()) == "ValidationError: int_parsing x1, string_type x1"


def test_poison_record_is_summarized_by_its_message_and_the_class_of_its_cause() -> None:
    error = PoisonRecord("The event\nis unknown.")
    error.__cause__ = KeyError(CANARY)
    assert summarize_error(error) == "PoisonRecord: The event is unknown. (KeyError)"


@pytest.mark.parametrize("error", [ValueError(CANARY), KeyError(CANARY), OSError(2, CANARY)])
def test_other_errors_are_summarized_by_their_class(error: Exception) -> None:
    assert summarize_error(error) == type(error).__name__


def test_long_summary_is_cut() -> None:
    assert len(summarize_error(PoisonRecord("x" * 9000))) == 400


def test_locations_have_no_values() -> None:
    def breaks(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="Jane") as caught:
        breaks(CANARY)
    places = error_locations(caught.value)
    assert places[-1].startswith("messaging/test_error_summary.py:")
    assert places[-1].endswith(" breaks")
    assert CANARY not in "".join(places)
