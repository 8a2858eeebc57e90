"""Generate the files derived from the code: JSON Schemas, AsyncAPI and OpenAPI documents, and the table of
Kafka access rules in docs/security.md.

    python contracts/generate.py            write them
    python contracts/generate.py --check    change nothing; name each outdated file and exit with status 1

The command refuses to write a schema that breaks readers of the committed one. See compatibility.py.
"""

# ruff: noqa: T201  # a command-line tool prints

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
from contracts.catalogue import EVENTS


def documents() -> dict[Path, Document]:
    """Generate every document, keyed by its path."""
    return {
        **{schema_path(event): event_schema(event) for event in EVENTS},
        CONTRACTS / "asyncapi.json": asyncapi_document(),
        **{
            CONTRACTS / "openapi" / f"{name}.json": document for name, document in openapi_documents().items()
        },
    }


def out_of_date(generated: dict[Path, Document]) -> list[Path]:
    """Return the paths of missing, outdated and surplus files."""
    stale = [
        path
        for path, document in generated.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != render(document)
    ]
    return sorted([*stale, *(set(SCHEMAS.glob("*.json")) - generated.keys())])


def incompatible_changes(generated: dict[Path, Document]) -> list[str]:
    """Return one sentence for each generated schema change that breaks readers of the committed schema."""
    faults = []
    for path in sorted(SCHEMAS.glob("*.json")):
        content = path.read_bytes()
        blob = blob_id(content)
        if blob in WITHDRAWN:
            continue
        if path not in generated:
            faults.append(f"{path.name}: the event was removed, but readers rely on it")
            continue
        faults += [
            f"{path.name} (blob {blob}): {fault}"
            for fault in incompatibilities(json.loads(content), generated[path])
        ]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with status 1 if a file is outdated"
    )
    only_check = parser.parse_args().check
    generated = documents()
    stale = out_of_date(generated)
    page = access.page()
    if access.PAGE.read_text(encoding="utf-8") != page:
        stale.append(access.PAGE)
    faults = incompatible_changes(generated)
    for fault in faults:
        print(f"breaks readers: {fault}", file=sys.stderr)
    if faults:
        print(
            "Add a new event type on a new topic instead. See contracts/golden/README.md.",
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
        elif path in generated:
            path.parent.mkdir(exist_ok=True)
            path.write_text(render(generated[path]), encoding="utf-8")
            print(f"wrote {path.relative_to(CONTRACTS.parent)}")
        else:
            path.unlink()
            print(f"removed {path.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
