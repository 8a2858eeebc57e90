"""Golden files: records written in the past, which every reader must still read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.envelope import encode
from contracts.events import Event

from contract_tools.files import GOLDEN, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenRecord:
    """A recorded Kafka record. `value` is its parsed JSON value and `path` its golden file."""

    path: Path
    headers: dict[str, str]
    key: str
    value: Document

    @property
    def name(self) -> str:
        """Folder and file stem: `<event type>/1-full`."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def payload(self) -> bytes:
        """Value of the record as bytes on the topic."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":")).encode()


def golden_files(event_type: str | None = None, *, folder: Path = GOLDEN) -> Iterator[GoldenRecord]:
    """Yield the golden files of one event type, or of all types, in the order of their numbers."""
    paths = folder.glob(f"{event_type or '*'}/*.json")
    for path in sorted(paths, key=lambda path: (path.parent.name, int(path.stem.partition("-")[0]))):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield GoldenRecord(path=path, headers=content["headers"], key=content["key"], value=content["value"])


def add_golden(event: Event, *, name: str, source: str, folder: Path = GOLDEN) -> Path:
    """Write an event to a new golden file with the next number of its type. Existing files stay untouched."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError("the name of a golden file may contain only lower-case letters, digits and dashes")
    message = encode(
        event, source=source, traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    )
    last = max(
        (int(one.path.stem.partition("-")[0]) for one in golden_files(event.type, folder=folder)), default=0
    )
    path = folder / event.type / f"{last + 1}-{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"headers": dict(message.headers), "key": message.key, "value": json.loads(message.value)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path
