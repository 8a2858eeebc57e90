"""The time for reading a file, depending on the time that it took to arrive."""

import pytest
from documents.limits import Limits
from request_api.http.receiving import reading_seconds

# The frontend gives up after 10 s, and half a second is for storing.
ANSWERED_BY = 9.5


@pytest.mark.parametrize("arriving", [0, 0.4, 1, 2.5, 4, 4.5, 6, 9.9, 10])
def test_reading_ends_before_the_frontend_gives_up(arriving: float) -> None:
    reading = reading_seconds(arriving)
    assert reading is not None
    # Enough for any good file, even where that is too late.
    assert reading >= 3
    if arriving <= 6:
        assert arriving + min(reading, Limits().total_seconds) + 0.5 <= ANSWERED_BY


def test_fast_upload_may_use_the_whole_reading_time() -> None:
    reading = reading_seconds(0.1)
    assert reading is not None
    assert reading >= Limits().total_seconds


@pytest.mark.parametrize("arriving", [10.1, 20, 25])
def test_reading_time_is_not_shortened_after_the_frontend_gave_up(arriving: float) -> None:
    assert reading_seconds(arriving) is None
