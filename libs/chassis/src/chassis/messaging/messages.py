"""Messages as the outbox stores them and the publisher sends them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class OutgoingMessage(Protocol):
    """A message to send. Key, value and header values are UTF-8 on the wire."""

    @property
    def topic(self) -> str:
        """Name of the topic."""
        ...

    @property
    def key(self) -> str:
        """Partition key; messages of one key stay in order."""
        ...

    @property
    def value(self) -> str:
        """JSON document."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Kafka headers, with the CloudEvents attributes."""
        ...


class StorableMessage(OutgoingMessage, Protocol):
    """A message for an outbox, which also has an id."""

    @property
    def id(self) -> UUID:
        """Unique id; `ce_id` on the wire."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A row of an outbox; `seq` orders the messages of one key."""

    seq: int
    topic: str
    key: str
    value: str
    headers: Mapping[str, str]
