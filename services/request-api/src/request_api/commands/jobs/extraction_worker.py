"""The sandboxed worker that extracts the requirements of one job. Only `extraction` starts it."""

import json
from collections.abc import Callable

from matching import extract_requirements
from sandbox.worker import work


def _load(_: None) -> Callable[[bytes], bytes]:
    return _extract


def _extract(data: bytes) -> bytes:
    job: dict[str, str] = json.loads(data)
    return extract_requirements(job["title"], job["text"]).model_dump_json().encode()


if __name__ == "__main__":
    work(_load)
