"""Turn an uploaded file into visible text, layout signals and sections.

Services import two modules:

- `documents.reader`: `DocumentReader` reads a file in a sandboxed process and returns a `Document`;
  `MAX_FILE_BYTES` is the largest accepted size.
- `documents.errors`: the reasons for rejecting a file, each with an HTTP status and a message.

All other modules are private to this package; import-linter enforces this. Offline tools may call
`documents.parser.parse_file`, which parses trusted files without a sandbox.

This file imports nothing: the worker process imports it, and the user who uploads waits for every import.
"""
