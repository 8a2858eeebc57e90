#!/bin/sh
# Remove what make and the stack made in this folder. Run in the root; needs no .venv, which it removes.
set -eu

for lock in .local/*/lock; do
    [ -s "$lock" ] || continue
    pid=$(cat "$lock")
    # The file outlives its process; a number alone may be anybody's by now.
    if grep -qs local_stack "/proc/$pid/cmdline"; then
        echo "A stack runs here (process $pid); stop it first." >&2
        exit 1
    fi
done

rm -rf .local .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
find contracts services deploy tests -name __pycache__ -type d -prune -exec rm -rf {} +
