"""The sandboxed worker that extracts the requirements of one job. Only `extraction` starts it."""

import json
from collections.abc import Callable

from sandbox.worker import work


def _load(_: None) -> Callable[[bytes], bytes]:
    from matching.extraction import extract_requirements  # noqa: PLC0415 - within the limits

    def extract(data: bytes) -> bytes:
        job: dict[str, str] = json.loads(data)
        return extract_requirements(job["title"], job["text"]).model_dump_json().encode()

    return extract


if __name__ == "__main__":
    work(_load)
