"""The step of a match, which runs in a worker process."""

from datetime import date
from functools import lru_cache
from typing import Final

from contracts.document import DocumentSignals
from contracts.match_events import MatchRequested
from contracts.matching import JobRequirements
from matching.evidence.reading import Reading, read_resume
from matching.matcher import match, unreadable
from matching.vocabulary import load_languages, load_vocabulary
from scoring.resume.resume import NotAssessable

# A reading takes about 28 bytes for each character, so a worker holds at most 55 MB of readings.
CACHED_READINGS: Final = 100
MAX_CACHED_CHARACTERS: Final = 20_000


def load_matching() -> None:
    """Load the matcher's data once per process."""
    load_vocabulary()
    load_languages()


def match_resume(request: str, today: date) -> str:
    """Return the match as JSON. Without a word in the text, it is the match of an unreadable resume."""
    requested = MatchRequested.model_validate_json(request)
    job = JobRequirements(requirements=requested.requirements)
    # A long text would take the memory of many others.
    read = read_resume if len(requested.text) > MAX_CACHED_CHARACTERS else cached_reading
    try:
        reading = read(
            requested.text, requested.signals, names=(requested.match.candidate_name,), today=today
        )
    except NotAssessable:
        return unreadable(job).model_dump_json()
    return match(job, reading, today).model_dump_json()


# The whole text is the key, so an equal text of the same person is read once.
@lru_cache(maxsize=CACHED_READINGS)
def cached_reading(
    text: str, signals: DocumentSignals | None, *, names: tuple[str, ...], today: date
) -> Reading:
    """Read a resume, or reuse one of the last readings of this worker."""
    return read_resume(text, signals, names=names, today=today)
