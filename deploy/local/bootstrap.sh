#!/bin/sh
# Create .venv with uv, the pinned packages and the members of the workspace (editable).
# make runs this in the root of the repository when requirements.lock or a pyproject.toml has changed.
set -eu
exec 1>&2 # keep standard output for the command that make runs: TOKEN=$(make -s token)

python=$1
members="contracts libs/chassis libs/documents libs/exports libs/matching libs/printing libs/sandbox libs/scoring services/request-api services/analyzer services/results-api deploy/local"

fail() {
    echo "$1" >&2
    exit 1
}

[ "$(uname -s)" = Linux ] ||
    fail "This runs on Linux only (on Windows: in WSL). This machine runs $(uname -s)."
command -v "$python" >/dev/null 2>&1 ||
    fail "Python 3.11 or newer is required, but $python was not found. Name yours with make PYTHON=..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 or newer is required, but $python is $("$python" -V 2>&1). Name another with make PYTHON=..."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot create virtual environments. On Debian and Ubuntu: apt-get install python3-venv"

# A running stack may use the .venv, so a working one is updated in place.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    echo "== creating .venv with $("$python" -V)"
    "$python" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock

echo "== installing $(grep -c '^[a-z].*==' requirements.lock) pinned packages (about 300 MB the first time)"
VIRTUAL_ENV=$PWD/.venv
UV_SYSTEM_CERTS=1 # like pip: a company's own certificate authority is in the system's store
export VIRTUAL_ENV UV_SYSTEM_CERTS
quiet=--quiet
[ ! -t 2 ] || quiet= # show the progress of the download on a terminal
# shellcheck disable=SC2086 # empty or one word
.venv/bin/uv pip install $quiet --require-hashes -r requirements.lock

echo "== installing the workspace (editable)"
for member in $members; do
    set -- "$@" -e "./$member"
done
shift
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation "$@"
touch .venv/.installed
