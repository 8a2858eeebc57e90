#!/bin/sh
# Make .venv: a virtual environment, uv in it, the pinned packages, the members of the workspace in place.
# Called by make when requirements.lock or a pyproject.toml is newer than the last time; run in the root.
set -eu
exec 1>&2 # standard output belongs to what make was asked for: TOKEN=$(make -s token)

python=$1
members="contracts libs/chassis libs/documents libs/scoring services/request-api services/analyzer services/results-api deploy/local"

fail() {
    echo "$1" >&2
    exit 1
}

[ "$(uname -s)" = Linux ] ||
    fail "This runs on Linux only (on Windows: in WSL), and here is $(uname -s)."
command -v "$python" >/dev/null 2>&1 ||
    fail "Python 3.11 or newer is needed, and $python is not there; name yours with make PYTHON=..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 or newer is needed, and $python is $("$python" -V 2>&1); name another with make PYTHON=..."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv"

# A stack may be running from a .venv that works: it is brought up to date in place.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    echo "== making .venv with $("$python" -V)"
    "$python" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock

echo "== installing $(grep -c '^[a-z].*==' requirements.lock) pinned packages (about 300 MB the first time)"
VIRTUAL_ENV=$PWD/.venv
UV_SYSTEM_CERTS=1 # as pip and the rest: a company's own authority is in the system's store
export VIRTUAL_ENV UV_SYSTEM_CERTS
quiet=--quiet
[ ! -t 2 ] || quiet= # a person sees the progress of the download
# shellcheck disable=SC2086 # empty or one word
.venv/bin/uv pip install $quiet --require-hashes -r requirements.lock

echo "== installing the workspace in place"
for member in $members; do
    set -- "$@" -e "./$member"
done
shift
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation "$@"
touch .venv/.installed
