#!/bin/bash
# On the first start: a cluster with the superuser's password, then the scripts that were put there.
set -euo pipefail

if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
    export POSTGRES_USER=${POSTGRES_USER:-postgres}
    : "${POSTGRES_PASSWORD:?has to be set}"
    mkdir -p "$PGDATA"
    initdb --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile <(echo "$POSTGRES_PASSWORD") \
        --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --locale C.UTF-8 >/dev/null
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    export PGHOST=/var/run/postgresql
    pg_ctl --pgdata "$PGDATA" --wait --silent --options "-c listen_addresses= -k $PGHOST" start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ -e "$script" ] || continue
        # shellcheck source=/dev/null
        . "$script"
    done
    pg_ctl --pgdata "$PGDATA" --wait --silent --mode fast stop
    unset PGHOST
fi
[ "$1" != postgres ] || set -- "$@" -c listen_addresses=* -k /var/run/postgresql
exec "$@"
