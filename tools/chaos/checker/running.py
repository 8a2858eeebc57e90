"""I11 and I12: leaked text and unfinished work; and completeness of the evidence."""

from collections import Counter
from os.path import commonprefix
from typing import Final

from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, CONSUMERS

from tools.chaos.checker.lookup import RANK, Findings, accepted_ids
from tools.chaos.evidence.rows import Evidence

_SERVICES: Final = ("request-api", "analyzer", "results-api")


def sufficient(evidence: Evidence) -> Findings:
    """The evidence is complete enough for the absence of violations to mean something."""
    if not accepted_ids(evidence):
        yield "no analysis was accepted", "history"
    if not any(each.op == "job-create" for each in evidence.history):
        yield "no route beside those of analyses was called", "history"
    for service in _SERVICES:
        if not any(text for name, text in evidence.logs.items() if name.startswith(service)):
            yield "has no log", service
        if not any(name.startswith(service) for name in evidence.meta.health):
            yield "its health was never checked", service
    if not any(each.text_canary for each in evidence.records if each.topic == ANALYSIS_REQUESTS):
        yield "no canary reached the analyzer, so their absence elsewhere proves nothing", "canaries"
    for topic in sorted({*CONSUMERS, *evidence.ends}):
        counted = sum(end - begin for begin, end in evidence.ends.get(topic, {}).values())
        held = sum(record.topic == topic for record in evidence.records)
        if counted != held or (topic in CONSUMERS and not held):
            yield f"only {held} of {counted} records were read", topic
    yield from _inconsistent(evidence)


def _inconsistent(evidence: Evidence) -> Findings:
    for each in evidence.history:
        is_nameless = each.op == "submit" and not (each.analysis_id and each.resume_id)
        if each.outcome == "ok" and is_nameless:
            yield "an accepted POST without its ids", each.key or ""
        if each.begun > each.ended:
            yield f"{each.op} ended before it began", each.analysis_id or ""
    statuses = {row.status for row in evidence.requests} | {view.status for view in evidence.views}
    statuses |= {each.status for each in evidence.history if each.status is not None}
    yield from (("unknown status", status) for status in sorted(statuses - RANK.keys()))


def i11_no_canary(evidence: Evidence) -> Findings:
    """No canary appears in logs, on the public topic or in its dead letters."""
    canaries = sorted({row.canary.casefold() for row in evidence.canaries})
    if not canaries:
        yield "there are none to search for", "canaries"
    shared = commonprefix(canaries)  # noqa: RUF071 - strings, not paths
    for name, text in evidence.logs.items():
        folded = text.casefold()
        # Nearly all logs contain no canary, and a search for their common prefix is fast.
        if shared in folded:
            yield from ((f"a log contains {each}", name) for each in canaries if each in folded)
    for record in evidence.records:
        if record.topic.startswith(ANALYSIS_EVENTS) and record.text_canary:
            yield f"a record of {record.topic} contains a canary", record.key or ""


def i12_drained(evidence: Evidence) -> Findings:
    """The system recovers and drains within a stated time after the faults, without manual action."""
    meta = evidence.meta
    if meta.drained is None:
        yield f"not drained {meta.drain_limit:.0f} s after the faults", "all"
    elif not 0 <= meta.drained - meta.faults_ended <= meta.drain_limit:
        yield f"drained after {meta.drained - meta.faults_ended:.1f} of {meta.drain_limit:.0f} s", "all"
    yield from (("is not healthy", service) for service, healthy in meta.health.items() if not healthy)
    for outbox, rows in Counter(row.outbox for row in evidence.outbox).items():
        yield f"{rows} rows are left", outbox
    for group, topic in ((group, topic) for topic, groups in CONSUMERS.items() for group in groups):
        committed = evidence.offsets.get(group, {}).get(topic, {})
        for partition, (begin, end) in evidence.ends.get(topic, {}).items():
            if committed.get(partition, begin) < end:
                left = end - committed.get(partition, begin)
                yield f"{group} has not committed {left} records", f"{topic}/{partition}"
