"""I8: model calls, by question and by what the question is about."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

from tools.chaos.checker.lookup import CANCEL, ERASE, Findings, committed_keys
from tools.chaos.evidence.rows import Evidence, QuestionName

# The calls of a deep analysis by question. They are made at the same time, and their answers cached together.
CALLS: Final[Mapping[QuestionName, int]] = {"labels": 3, "topics": 1, "writing": 1}


class Call(Protocol):
    """A call that reached the model (see `ModelCall`)."""

    @property
    def question(self) -> QuestionName: ...
    @property
    def resume(self) -> str: ...
    @property
    def analysis(self) -> str | None: ...


# A question and a canary.
Asked = tuple[QuestionName, str]


def counted(calls: Iterable[Call]) -> Counter[Asked]:
    """Count calls by question and by the canary of the analysis, or else of the resume."""
    return Counter((call.question, call.analysis or call.resume) for call in calls)


def repeated(calls: Sequence[Call], *, twice: Collection[str] = ()) -> Counter[Asked]:
    """Count the calls beyond those of each analysis that reached the model, as `counted` does.

    `twice` are the canaries of analyses that may ask everything again. The questions about bullets are the
    same for all analyses of a resume, so there may be as many as these asked about the writing.
    """
    of_all = counted(calls)
    due: Counter[Asked] = Counter()
    for analysis, resume in {call.analysis: call.resume for call in calls if call.analysis}.items():
        times = min(of_all["writing", analysis], 2 if analysis in twice else 1)
        for question, number in CALLS.items():
            due[question, analysis if question == "writing" else resume] += times * number
    return of_all - due


def i8_model_calls(evidence: Evidence) -> Findings:
    """Model calls <= those of analyses that reached the model + scripted retries + calls in flight at kills.

    An analysis that was cancelled or erased leaves answers unread, and calls again if its request is
    delivered again.
    """
    calls = counted(evidence.model)
    known = {row.canary for row in evidence.canaries}
    for canary in sorted({canary for _, canary in calls} - known):
        yield "the model was called for an unknown resume or analysis", canary
    meta = evidence.meta
    ended = committed_keys(evidence, CANCEL) | committed_keys(evidence, ERASE)
    twice = {row.canary for row in evidence.canaries if row.analysis_id in ended}
    repeats = repeated(evidence.model, twice=twice)
    allowed = meta.model_retries + meta.in_flight_at_kills
    if repeats.total() > allowed:
        yield f"{calls.total()} calls, {repeats.total()} of them repeats, {allowed} allowed", "all"
    failures = counted(call for call in evidence.model if call.status >= 400 or not call.answered)
    # A kill, or a partition that moves, repeats a call once.
    interruptions = max(len(evidence.kills), meta.in_flight_at_kills)
    for asked, times in repeats.items():
        if times > failures[asked] + interruptions:
            yield (
                f"{times} repeats, {failures[asked]} failures, {interruptions} interruptions",
                " ".join(asked),
            )
