"""Keep a table of analyses up to date from the public topic; see docs/subscribing.md.

pip install 'aiokafka[lz4]'
KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:59092 python subscriber.py analyses.db
"""

import asyncio
import json
import os
import sqlite3
import sys

from aiokafka import AIOKafkaConsumer

STATUSES = ("pending", "processing", "completed", "failed", "cancelled", "erased")
TYPES = {f"com.resume-review.analysis.{status}.v1": status for status in STATUSES}
# A repeated or late event has no higher version and changes nothing. `erased` has no score, so it deletes the
# copied score. The row stays, so that a late event cannot bring the score back.
KEEP = """INSERT INTO analyses VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
SET version = excluded.version, status = excluded.status, score = excluded.score
WHERE excluded.version > analyses.version"""


async def main(path: str) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE IF NOT EXISTS analyses (id PRIMARY KEY, version, status, score)")
    servers, group = os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ.get("KAFKA_GROUP", "my-team")
    async with AIOKafkaConsumer(
        "resume-review.analysis-events.v1",
        bootstrap_servers=servers,
        group_id=group,
        auto_offset_reset="earliest",  # a new group starts with the retained events
        enable_auto_commit=False,
    ) as consumer:
        async for record in consumer:
            status = TYPES.get(dict(record.headers).get("ce_type", b"").decode())
            if status is not None:  # ignore unknown event types
                event = json.loads(record.value)
                row = (event["analysis_id"], event["version"], status, event.get("overall_score"))
                with database:
                    changed = database.execute(KEEP, row).rowcount
                if changed:
                    print(*row, flush=True)  # noqa: T201  # the example prints its changes
            await consumer.commit()  # commit after the write: a crash repeats events but never loses one


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
