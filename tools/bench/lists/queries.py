"""The measured requests of lists."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A list with a name. `is_new` if the service before lists had filters and orders cannot answer it."""

    name: str
    query: str
    is_new: bool = True
    # Measure the page that follows the first one by cursor.
    is_second_page: bool = False


QUERIES: Final = (
    Query(name="first page", query="", is_new=False),
    Query(name="page 100", query="page=100", is_new=False),
    Query(name="second page by cursor", query="", is_new=False, is_second_page=True),
    Query(name="status completed", query="status=completed", is_new=False),
    Query(name="status failed", query="status=failed", is_new=False),
    Query(name="industry", query="industry=general", is_new=False),
    Query(name="industry without analyses", query="industry=data_ai", is_new=False),
    Query(name="candidate", query="candidate_id={candidate}", is_new=False),
    Query(name="score 60 to 90", query="min_score=60&max_score=90"),
    Query(name="score 94", query="min_score=94"),
    Query(name="tier mid", query="tier=mid"),
    Query(name="tier executive", query="tier=executive"),
    Query(name="a month", query="requested_from=2025-06-01&requested_to=2025-06-30"),
    Query(name="text in 8 % of the names", query="text=sato"),
    Query(name="text in Japanese", query="text=山田"),
    Query(name="text of one file", query="text=cv_40000"),
    Query(name="text in all files", query="text=.PDF"),
    Query(name="text in no name", query="text=nobody"),
    Query(name="sorted by score", query="sort=score"),
    Query(name="sorted by score, ascending", query="sort=score&order=asc"),
    Query(name="sorted by score, second page", query="sort=score", is_second_page=True),
    Query(name="sorted by name", query="sort=candidate_name"),
    Query(name="sorted by name, second page", query="sort=candidate_name", is_second_page=True),
    Query(name="filters together", query="tier=senior&min_score=60&text=sato&status=completed&sort=score"),
    Query(name="export of a week", query="requested_from=2025-06-01&requested_to=2025-06-07&format=csv"),
)
