"""Write the files that are made from the code: JSON Schemas, the AsyncAPI and the OpenAPI documents, and the
table of Kafka's access rules in docs/security.md.

    python contracts/generate.py            write them
    python contracts/generate.py --check    change nothing; exit 1 and name each file that is out of date

A schema that would break a reader of the committed one is not written: see compatibility.py.
"""

# ruff: noqa: T201  # a command for a person prints

import argparse
import json
import sys
from pathlib import Path

from contract_tools import access
from contract_tools.asyncapi import asyncapi_document
from contract_tools.compatibility import WITHDRAWN, incompatibilities
from contract_tools.files import CONTRACTS, SCHEMAS, Document, event_schema, render, schema_path
from contract_tools.history import blob_id
from contract_tools.openapi import openapi_documents
from contracts.events import EVENTS


def documents() -> dict[Path, Document]:
    """Every generated document by the path where it is committed."""
    return {
        **{schema_path(event): event_schema(event) for event in EVENTS},
        CONTRACTS / "asyncapi.json": asyncapi_document(),
        **{
            CONTRACTS / "openapi" / f"{name}.json": document for name, document in openapi_documents().items()
        },
    }


def out_of_date(made: dict[Path, Document]) -> list[Path]:
    """Paths whose committed file is missing, is not what would be written, or is of an event that is gone."""
    stale = [
        path
        for path, document in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != render(document)
    ]
    return sorted([*stale, *(set(SCHEMAS.glob("*.json")) - made.keys())])


def refusals(made: dict[Path, Document]) -> list[str]:
    """Why what would be written breaks readers of what is committed, in one sentence each."""
    faults = []
    for path in sorted(SCHEMAS.glob("*.json")):
        content = path.read_bytes()
        blob = blob_id(content)
        if blob in WITHDRAWN:
            continue
        if path not in made:
            faults.append(f"{path.name}: the event is gone, and readers know it")
            continue
        faults += [
            f"{path.name} (blob {blob}): {fault}"
            for fault in incompatibilities(json.loads(content), made[path])
        ]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    only_check = parser.parse_args().check
    made = documents()
    stale = out_of_date(made)
    page = access.page()
    if access.PAGE.read_text(encoding="utf-8") != page:
        stale.append(access.PAGE)
    faults = refusals(made)
    for fault in faults:
        print(f"breaks readers: {fault}", file=sys.stderr)
    if faults:
        print(
            "Make it a new event type on a new topic instead (see contracts/golden/README.md).",
            file=sys.stderr,
        )
    if only_check:
        for path in stale:
            print(f"out of date: {path.relative_to(CONTRACTS.parent)}", file=sys.stderr)
        return 1 if stale or faults else 0
    if faults:
        return 1
    for path in stale:
        if path == access.PAGE:
            path.write_text(page, encoding="utf-8")
            print(f"wrote {path.relative_to(CONTRACTS.parent)}")
        elif path in made:
            path.parent.mkdir(exist_ok=True)
            path.write_text(render(made[path]), encoding="utf-8")
            print(f"wrote {path.relative_to(CONTRACTS.parent)}")
        else:
            path.unlink()
            print(f"removed {path.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
