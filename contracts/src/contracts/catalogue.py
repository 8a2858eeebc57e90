"""All events of the three topics."""

from contracts import events, match_events
from contracts.events import Event

EVENTS: tuple[type[Event], ...] = (
    events.AnalysisRequested,
    events.AnalysisCancelRequested,
    events.AnalysisEraseRequested,
    events.AnalysisExpired,
    events.AnalysisStarted,
    events.AnalysisSucceeded,
    events.AnalysisFailedToRun,
    events.AnalysisPending,
    events.AnalysisProcessing,
    events.AnalysisCompleted,
    events.AnalysisFailed,
    events.AnalysisCancelled,
    events.AnalysisErased,
    match_events.MatchRequested,
    match_events.MatchCancelRequested,
    match_events.MatchExpired,
    match_events.MatchEraseRequested,
    match_events.MatchSucceeded,
    match_events.MatchFailedToRun,
    match_events.MatchPending,
    match_events.MatchCompleted,
    match_events.MatchFailed,
    match_events.MatchCancelled,
    match_events.MatchErased,
)
