"""Messages as the outbox stores them and the publisher sends them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class OutgoingMessage(Protocol):
    """A message to send: JSON with the CloudEvents attributes in its headers, all UTF-8 on the wire.

    Messages of one key stay in order.
    """

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """A row of an outbox; `seq` orders the messages of one key."""

    seq: int
    topic: str
    key: str
    value: str
    headers: Mapping[str, str]
