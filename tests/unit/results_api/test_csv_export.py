"""The CSV export of a list."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

from results_api.http.lists.csv_export import ROWS_AT_A_TIME, to_csv
from results_api.http.responses import ListedView

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def listed(number: int) -> ListedView:
    return ListedView(
        id=UUID(int=number),
        file_name="cv.pdf",
        candidate_name="Mina Example",
        candidate_id=UUID(int=0),
        industry="consulting",
        overall_score=70,
        market_tier=None,
        status="completed",
        created_at=NOW,
    )


async def test_long_export_lets_other_requests_run() -> None:
    turns = 0

    async def other_request() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other_request())
    text = (await to_csv(listed(number) for number in range(10 * ROWS_AT_A_TIME))).decode("utf-8-sig")
    task.cancel()
    assert turns >= 10
    assert [line.partition(",")[0] for line in text.splitlines()] == [
        "id",
        *(str(UUID(int=number)) for number in range(10 * ROWS_AT_A_TIME)),
    ]
