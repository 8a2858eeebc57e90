"""Lists of a database in which the legacy backend changes and deletes rows."""

import pytest

from tests.integration.results_api.lists.conftest import Listing
from tests.integration.results_api.lists.generated import generate

pytestmark = pytest.mark.parametrize("listing", ["adopted"], indirect=True, scope="package")


async def test_renamed_candidate_is_found_and_shown_by_the_new_name(listing: Listing) -> None:
    rows = generate(77, number=8, users=[listing.users["junior"].id], legacy=True)
    row = next(row for row in rows if row.ours and row.status != "erased")
    await listing.store([row])
    await listing.database.fetch(
        "UPDATE candidates SET first_name = 'Renamed', last_name = 'Person' WHERE id = $1", row.candidate_id
    )
    (shown,) = (await listing.get("junior", {"text": "renamed p"})).json()["analyses"]
    assert (shown["id"], shown["candidate_name"]) == (str(row.id), "Renamed Person")
    await listing.database.fetch("DELETE FROM candidates WHERE id = $1", row.candidate_id)
    # The analysis itself is not found either.
    for parameters in ({"text": "renamed p"}, {"text": row.name, "candidate_id": str(row.candidate_id)}):
        body = (await listing.get("junior", parameters)).json()
        assert (body["analyses"], body["total_count"]) == ([], 0)
