#!/bin/sh
# Delete everything that make and the local stack created. Run in the root of the repository; needs no .venv.
set -eu

for lock in .local/*/lock; do
    [ -s "$lock" ] || continue
    pid=$(cat "$lock")
    # The file outlives its process, and another process may have the same id now.
    if grep -qs local_stack "/proc/$pid/cmdline"; then
        echo "A stack is running here (process $pid). Stop it first." >&2
        exit 1
    fi
done

rm -rf .local .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
find contracts libs services deploy tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
