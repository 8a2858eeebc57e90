"""Pass bytes to the document reader, which reads files on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from documents.limits import Limits
from documents.reader import Document, read_document


@contextmanager
def on_disk(data: bytes) -> Iterator[BinaryIO]:
    """Provide an unnamed temporary file with this content, like a received upload."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield cast("BinaryIO", file)


async def read_bytes(data: bytes, *, limits: Limits) -> Document:
    """Read a file in a sandboxed process. Raises DocumentError."""
    with on_disk(data) as file:
        return await read_document(file, limits=limits)
