"""Expected status of each operation for each caller; `test_expectations.py` requires a line for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.authorization.scenario import Scenario
from tests.support import files
from tests.support.http.operations import Operation

# Tells if the JSON of a list contains anything of a scenario.
Shows = Callable[[Any, Scenario], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Statuses by caller; seniors and admins get the same as the owner."""

    owner: int
    # A junior who is assigned to the candidate, but uploaded and requested nothing.
    assigned: int
    # A junior without access, who gets the same answer as for an unknown id.
    stranger: int
    # Arguments of the request besides the token.
    sends: Mapping[str, Any] = field(default_factory=dict)
    # Values of the parameter `format`: each has the same statuses.
    formats: tuple[str, ...] = ()
    # Parameters whose values are ids of the scenario, by the names of these ids.
    id_params: tuple[tuple[str, str], ...] = ()
    # For lists and statistics, which answer every caller with what that caller may see.
    shows: Shows | None = None
    assigned_is_shown: bool = False
    seniors_are_shown: bool = True
    # True if the analysis must still run, because one that has ended cannot be cancelled.
    running: bool = False

    def sent_for(self, form: str | None, ids: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the arguments of a request for a format, or without one."""
        params = [*self.sends.get("params", {}).items()]
        if ids is not None:
            params += [(name, ids[each]) for name, each in self.id_params]
        if form is not None:
            params.append(("format", form))
        return {**self.sends, "params": params}

    def status_for(self, who: str) -> int:
        """Return the status that the caller gets."""
        status: int = getattr(self, who if who in ("assigned", "stranger") else "owner")
        return status

    def is_shown_to(self, who: str) -> bool:
        """Return True if a list shows the scenario to the caller."""
        if who in ("senior", "admin"):
            return self.seniors_are_shown
        return {"stranger": False, "assigned": self.assigned_is_shown}.get(who, True)


def _lists(name: str, of: str) -> Shows:
    """Look for a row by its id. A list as CSV is a text."""
    return lambda body, scenario: (
        scenario.ids[of] in (body if isinstance(body, str) else [one["id"] for one in body[name]])
    )


# Newest first, because a senior also sees rows of other tests.
_LONGEST_PAGE = {"params": {"page_size": 50}}
_JOB = {"title": "Engineer", "text": "Requirements: Python"}

EXPECTATIONS: dict[str, Expectation] = {
    # request-api
    "GET /api/v1/candidates": Expectation(
        owner=200,
        assigned=200,
        stranger=200,
        sends={"params": {"limit": 100}},
        shows=_lists("candidates", "candidate_id"),
        assigned_is_shown=True,
    ),
    "POST /api/v1/candidates": Expectation(
        owner=201, assigned=201, stranger=201, sends={"json": {"first_name": "Mina", "last_name": "Example"}}
    ),
    "GET /api/v1/candidates/{candidate_id}": Expectation(owner=200, assigned=200, stranger=404),
    "POST /api/v1/resume_upload/candidates/{candidate_id}/resumes": Expectation(
        owner=201,
        assigned=201,
        stranger=404,
        sends={"files": {"file": ("cv.txt", files.strong_resume_txt())}},
    ),
    "GET /api/v1/resume_upload/": Expectation(
        owner=200,
        assigned=200,
        stranger=200,
        sends=_LONGEST_PAGE,
        shows=_lists("uploads", "resume_id"),
        # Like the legacy backend, it lists only the caller's own uploads.
        seniors_are_shown=False,
    ),
    "GET /api/v1/resume_upload/{resume_id}": Expectation(owner=200, assigned=200, stranger=404),
    "GET /api/v1/resume_upload/{resume_id}/json-resume": Expectation(owner=200, assigned=200, stranger=404),
    "GET /api/v1/resume_upload/{resume_id}/blind": Expectation(
        owner=200, assigned=200, stranger=404, formats=("docx", "pdf")
    ),
    "DELETE /api/v1/resume_upload/{resume_id}": Expectation(owner=204, assigned=403, stranger=404),
    # An upload is read at once, so it can never be cancelled.
    "DELETE /api/v1/resume_upload/{resume_id}/cancel": Expectation(owner=400, assigned=400, stranger=404),
    "POST /api/v1/analysis/resumes/{resume_id}/analyze": Expectation(
        owner=202, assigned=202, stranger=404, sends={"json": {"industry": "consulting"}}
    ),
    # Analyses belong to the user who requested them, regardless of assignments.
    "GET /api/v1/analysis/requests/{analysis_id}": Expectation(owner=200, assigned=404, stranger=404),
    "DELETE /api/v1/analysis/{analysis_id}/cancel": Expectation(
        owner=200, assigned=404, stranger=404, running=True
    ),
    "GET /api/v1/analysis/config/limits": Expectation(owner=200, assigned=200, stranger=200),
    # Jobs belong to the user who created them. No candidate of theirs makes them visible to others.
    "GET /api/v1/jobs": Expectation(
        owner=200, assigned=200, stranger=200, sends=_LONGEST_PAGE, shows=_lists("jobs", "job_id")
    ),
    "POST /api/v1/jobs": Expectation(owner=201, assigned=201, stranger=201, sends={"json": _JOB}),
    "GET /api/v1/jobs/{job_id}": Expectation(owner=200, assigned=404, stranger=404),
    "PUT /api/v1/jobs/{job_id}": Expectation(
        owner=200, assigned=404, stranger=404, sends={"json": {**_JOB, "version": 1}}
    ),
    "PUT /api/v1/jobs/{job_id}/requirements": Expectation(
        owner=200, assigned=404, stranger=404, sends={"json": {"version": 1, "requirements": []}}
    ),
    "POST /api/v1/jobs/{job_id}/close": Expectation(owner=200, assigned=404, stranger=404),
    "POST /api/v1/jobs/{job_id}/reopen": Expectation(owner=200, assigned=404, stranger=404),
    "DELETE /api/v1/jobs/{job_id}": Expectation(owner=204, assigned=404, stranger=404),
    "POST /api/v1/jobs/{job_id}/matches": Expectation(
        owner=202, assigned=404, stranger=404, sends={"json": {"all_candidates": True}}
    ),
    "POST /api/v1/jobs/{job_id}/matches/cancel": Expectation(owner=202, assigned=404, stranger=404),
    # results-api
    "GET /api/v1/analysis/": Expectation(
        owner=200,
        assigned=200,
        stranger=200,
        sends=_LONGEST_PAGE,
        formats=("json", "csv"),
        shows=_lists("analyses", "analysis_id"),
    ),
    "GET /api/v1/analysis/resumes/{resume_id}/analyses": Expectation(
        owner=200,
        assigned=200,
        stranger=200,
        sends=_LONGEST_PAGE,
        shows=_lists("analyses", "analysis_id"),
    ),
    "GET /api/v1/analysis/stats/summary": Expectation(
        owner=200, assigned=200, stranger=200, shows=lambda body, _world: body["total_analyses"] > 0
    ),
    "GET /api/v1/analysis/analysis/{analysis_id}": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/analysis/analysis/{analysis_id}/report": Expectation(
        owner=200, assigned=404, stranger=404, formats=("html", "pdf")
    ),
    "GET /api/v1/analysis/analysis/{analysis_id}/status": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/analysis/analysis/{analysis_id}/events": Expectation(owner=200, assigned=404, stranger=404),
    # Matches need the right to see the job, which request-api decides.
    "GET /api/v1/jobs/{job_id}/ranking": Expectation(
        owner=200, assigned=404, stranger=404, formats=("json", "csv")
    ),
    "GET /api/v1/jobs/{job_id}/matches": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/jobs/{job_id}/matches/events": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/jobs/{job_id}/matches/{match_id}": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/jobs/{job_id}/comparison": Expectation(
        owner=200,
        assigned=404,
        stranger=404,
        id_params=(("match_id", "match_id"), ("match_id", "other_match_id")),
        formats=("json", "html"),
    ),
}


def expectation_of(operation: Operation) -> Expectation:
    """Return the expectation of an operation."""
    assert str(operation) in EXPECTATIONS, (
        f'"{operation}" has no line in tests/integration/authorization/expectations.py: add one with the '
        "status for each caller, and for a list who sees the scenario"
    )
    return EXPECTATIONS[str(operation)]


# Documented operations without a token, with the reason.
OPEN_OPERATIONS = {
    "GET /api/v1/analysis/config/limits": "the legacy backend requires no token",
}

# Undocumented routes without a token, with the reason.
OPEN_ROUTES = {
    "/health/live": "probes have no token",
    "/health/ready": "probes have no token",
    "/health/serving": "probes have no token",
    "/console": "leads to /console/",
    "/console/{path:path}": "static files of the console, without data",
    "/metrics": "numbers alone; the gateway does not expose it",
    "/openapi.json": "the document is no secret; the gateway does not expose it",
    "/docs": "a page of the same document",
    "/docs/start.js": "belongs to /docs",
}
