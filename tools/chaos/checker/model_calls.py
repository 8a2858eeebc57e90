"""I8: model calls, by question and by what the question is about."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

from tools.chaos.checker.lookup import CANCEL, ERASE, Findings, committed_keys
from tools.chaos.evidence.rows import Canary, Depth, Evidence, QuestionName

# The calls of an analysis by question. They are made at the same time, and their answers cached together.
# Calls of an analysis with the same question have the seeds 1, 2 and so on.
CALLS: Final[Mapping[Depth, Mapping[QuestionName, int]]] = {
    "quick": {},
    "standard": {"labels": 1, "topics": 1},
    "deep": {"labels": 3, "topics": 1, "writing": 1},
}


class Call(Protocol):
    """A call that reached the model (see `ModelCall`)."""

    @property
    def question(self) -> QuestionName: ...
    @property
    def seed(self) -> int: ...
    @property
    def resume(self) -> str: ...
    @property
    def analysis(self) -> str | None: ...


# A question, its seed and a canary.
Asked = tuple[QuestionName, int, str]


def counted(calls: Iterable[Call]) -> Counter[Asked]:
    """Count calls by question, seed and the canary of the analysis, or else of the resume."""
    return Counter((call.question, call.seed, call.analysis or call.resume) for call in calls)


def repeated(
    calls: Iterable[Call], canaries: Sequence[Canary], *, ended: Collection[str] = ()
) -> Counter[Asked]:
    """Count the calls beyond those of each analysis that reached the model, as `counted` does.

    `ended` are the ids of analyses that may ask everything again. A question about bullets does not name its
    analysis. So there may be as many as deep analyses asked about the writing of that resume. A standard
    analysis has a resume of its own.
    """
    of_all, resumes = counted(calls), _resumes(canaries)
    due: Counter[Asked] = Counter()
    for row in canaries:
        if row.depth is None:
            continue
        times = 2 if row.analysis_id in ended else 1
        if row.depth == "deep":
            times = min(times, of_all["writing", 1, row.canary])
        for question, number in CALLS[row.depth].items():
            subject = row.canary if question == "writing" else resumes[row.resume_id]
            due.update({(question, seed, subject): times for seed in range(1, number + 1)})
    return of_all - due


def _resumes(canaries: Iterable[Canary]) -> dict[str, str]:
    """Return the canary of each resume."""
    return {row.resume_id: row.canary for row in canaries if row.depth is None}


def i8_model_calls(evidence: Evidence) -> Findings:
    """Model calls <= those of analyses that reached the model + scripted retries + calls in flight at kills.

    An analysis that was cancelled or erased leaves answers unread, and calls again if its request is
    delivered again.
    """
    yield from _misdirected(evidence)
    meta = evidence.meta
    ended = committed_keys(evidence, CANCEL) | committed_keys(evidence, ERASE)
    repeats = repeated(evidence.model, evidence.canaries, ended=ended)
    allowed = meta.model_retries + meta.in_flight_at_kills
    if repeats.total() > allowed:
        yield f"{len(evidence.model)} calls, {repeats.total()} of them repeats, {allowed} allowed", "all"
    failures = counted(call for call in evidence.model if call.status >= 400 or not call.answered)
    # A kill, or a partition that moves, repeats a call once.
    interruptions = max(len(evidence.kills), meta.in_flight_at_kills)
    for asked, times in repeats.items():
        if times > failures[asked] + interruptions:
            yield (
                f"{times} repeats, {failures[asked]} failures, {interruptions} interruptions",
                " ".join(map(str, asked)),
            )


def _misdirected(evidence: Evidence) -> Findings:
    """Find calls about unknown resumes, and calls about the writing of another resume than was requested."""
    resumes = _resumes(evidence.canaries)
    requested = {row.canary: resumes[row.resume_id] for row in evidence.canaries if row.depth == "deep"}
    for call in evidence.model:
        if call.resume not in resumes.values():
            yield "the model was called for an unknown resume", call.resume
        if call.analysis is not None and requested.get(call.analysis) != call.resume:
            yield f"the model was asked about the writing of {call.resume}", call.analysis
