"""Golden files: records as they were once written, which every reader goes on reading."""

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
    """One recorded Kafka record; `value` is its JSON, `path` where it is committed."""

    path: Path
    headers: dict[str, str]
    key: str
    value: Document

    @property
    def name(self) -> str:
        """Folder and file, as in `<event type>/1-full`."""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def payload(self) -> bytes:
        """The record's value as it stands on the topic."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":")).encode()


def golden_files(event_type: str | None = None, *, folder: Path = GOLDEN) -> Iterator[GoldenRecord]:
    """Read the golden files of one event type, or all, in the order in which they were added."""
    paths = folder.glob(f"{event_type or '*'}/*.json")
    for path in sorted(paths, key=lambda path: (path.parent.name, int(path.stem.partition("-")[0]))):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield GoldenRecord(path=path, headers=content["headers"], key=content["key"], value=content["value"])


def add_golden(event: Event, *, name: str, source: str, folder: Path = GOLDEN) -> Path:
    """Record an event under the next number of its type; nothing that stands there is touched."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError("a golden file's name is of lower-case letters, digits and dashes")
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
