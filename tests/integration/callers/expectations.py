"""What each operation answers to whom. A route without a line here fails `test_expectations.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.callers.world import World
from tests.support import files
from tests.support.http.operations import Operation

# Whether the JSON of a list shows anything of somebody's world.
Shows = Callable[[Any, World], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Statuses by who asks; seniors and admins get what the owner gets."""

    owner: int
    # A junior who is assigned to the candidate, but uploaded and asked for nothing.
    assigned: int
    # A junior who has nothing to do with it; where the path holds an id, answered as for an unknown one.
    stranger: int
    # What is sent besides the token, as httpx takes it.
    sends: Mapping[str, Any] = field(default_factory=dict)
    # Lists and statistics: they answer everybody, and show each what they may see.
    shows: Shows | None = None
    assigned_is_shown: bool = False
    seniors_are_shown: bool = True
    # Whether the analysis must still run: what has ended cannot be cancelled.
    running: bool = False

    def of(self, who: str) -> int:
        """The status that `who` gets."""
        status: int = getattr(self, who if who in ("assigned", "stranger") else "owner")
        return status

    def is_shown_to(self, who: str) -> bool:
        """Whether a list has something for `who`."""
        if who in ("senior", "admin"):
            return self.seniors_are_shown
        return {"stranger": False, "assigned": self.assigned_is_shown}.get(who, True)


def _lists(name: str, of: str) -> Shows:
    return lambda body, world: world.ids[of] in [one["id"] for one in body[name]]


# Newest first: a senior sees what other tests left as well.
_LONGEST_PAGE = {"params": {"page_size": 50}}

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
        # As in the legacy backend, it holds what one uploaded oneself.
        seniors_are_shown=False,
    ),
    "GET /api/v1/resume_upload/{resume_id}": Expectation(owner=200, assigned=200, stranger=404),
    "DELETE /api/v1/resume_upload/{resume_id}": Expectation(owner=204, assigned=403, stranger=404),
    # Every upload of ours has been read before anybody can cancel it.
    "DELETE /api/v1/resume_upload/{resume_id}/cancel": Expectation(owner=400, assigned=400, stranger=404),
    "POST /api/v1/analysis/resumes/{resume_id}/analyze": Expectation(
        owner=202, assigned=202, stranger=404, sends={"json": {"industry": "consulting"}}
    ),
    # Analyses are of whoever asked for them, assigned or not.
    "GET /api/v1/analysis/requests/{analysis_id}": Expectation(owner=200, assigned=404, stranger=404),
    "DELETE /api/v1/analysis/{analysis_id}/cancel": Expectation(
        owner=200, assigned=404, stranger=404, running=True
    ),
    "GET /api/v1/analysis/config/limits": Expectation(owner=200, assigned=200, stranger=200),
    # results-api
    "GET /api/v1/analysis/": Expectation(
        owner=200,
        assigned=200,
        stranger=200,
        sends=_LONGEST_PAGE,
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
    "GET /api/v1/analysis/analysis/{analysis_id}/status": Expectation(owner=200, assigned=404, stranger=404),
    "GET /api/v1/analysis/analysis/{analysis_id}/events": Expectation(owner=200, assigned=404, stranger=404),
}


def expectation_of(operation: Operation) -> Expectation:
    """Its line above."""
    assert str(operation) in EXPECTATIONS, (
        f'"{operation}" has no line in tests/integration/callers/expectations.py: add one that says who gets '
        f"which status, and for a list whether it shows what is not theirs"
    )
    return EXPECTATIONS[str(operation)]


# Documented, and open to everybody: each with its reason.
OPEN_OPERATIONS = {
    "GET /api/v1/analysis/config/limits": "the legacy backend asks for no token; it tells nothing of anybody",
}

# In no document, and open to everybody: each with its reason.
OPEN_ROUTES = {
    "/health/live": "probes have no token",
    "/health/ready": "probes have no token",
    "/health/serving": "probes have no token",
    "/metrics": "numbers alone; the gateway does not lead there",
    "/openapi.json": "the document is no secret; the gateway does not lead there",
    "/docs": "the same, to read",
    "/docs/oauth2-redirect": "belongs to /docs",
    "/redoc": "the same, to read",
}
