"""Files as the document reader takes them: on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from documents.limits import Limits
from documents.reader import Document, read_document


@contextmanager
def on_disk(data: bytes) -> Iterator[BinaryIO]:
    """A file without a name, as uploads are received."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield cast("BinaryIO", file)


async def read_bytes(data: bytes, *, limits: Limits) -> Document:
    """Read one file in a process of its own. Raises DocumentError."""
    with on_disk(data) as file:
        return await read_document(file, limits=limits)
