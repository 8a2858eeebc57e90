#!/bin/bash
# On the first start of docker compose's PostgreSQL: a database for each service, owned by a role of its name that
# alone may connect.
set -euo pipefail

create() {
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set name="$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create request_api "$REQUEST_API_DATABASE_PASSWORD"
create results_api "$RESULTS_API_DATABASE_PASSWORD"
create analyzer "$ANALYZER_DATABASE_PASSWORD"
