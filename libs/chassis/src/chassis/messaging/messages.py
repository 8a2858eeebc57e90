"""A message on its way to Kafka, as the outbox keeps it and the publisher sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class OutgoingMessage(Protocol):
    """What can be sent: key and value are UTF-8 on the wire, and so are the headers' values."""

    @property
    def topic(self) -> str:
        """Where it goes."""
        ...

    @property
    def key(self) -> str:
        """Messages of one key stay in order."""
        ...

    @property
    def value(self) -> str:
        """JSON."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """CloudEvents attributes among them."""
        ...


class StorableMessage(OutgoingMessage, Protocol):
    """What can be put into an outbox: it has an id besides."""

    @property
    def id(self) -> UUID:
        """Unique; `ce_id` on the wire."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A row of an outbox; `seq` gives the order within a key."""

    seq: int
    topic: str
    key: str
    value: str
    headers: Mapping[str, str]
