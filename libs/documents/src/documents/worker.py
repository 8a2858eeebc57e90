"""The sandboxed worker that parses one file, and returns its text and signals as JSON.

Only `documents.reader` starts it. Imports are kept to a minimum because the user who uploads waits for them.
"""

import json
from collections.abc import Callable
from typing import Any

from sandbox.errors import Refused
from sandbox.worker import work

from documents.errors import DocumentError
from documents.limits import Limits


def _load(options: dict[str, Any]) -> Callable[[bytes], bytes]:
    from documents.parser import parse_file  # noqa: PLC0415 - within the limits

    limits = Limits(**options)

    def parse(data: bytes) -> bytes:
        try:
            return json.dumps(parse_file(data, limits), ensure_ascii=False).encode()
        except DocumentError as error:
            raise Refused(error.code, error.detail) from None

    return parse


if __name__ == "__main__":
    work(_load)
