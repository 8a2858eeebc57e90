#!/bin/bash
# Runs on the first start of docker compose's PostgreSQL. Creates a database for each service, with an owner that migrates
# it and a login for the service, to which the migration grants its rights. Nobody else may connect.
set -euo pipefail

create() {
    psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set name="$1" --set owner="$1_owner" --set password="$2" --set owner_password="$3" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create request_api "$REQUEST_API_DATABASE_PASSWORD" "$REQUEST_API_OWNER_PASSWORD"
create results_api "$RESULTS_API_DATABASE_PASSWORD" "$RESULTS_API_OWNER_PASSWORD"
create analyzer "$ANALYZER_DATABASE_PASSWORD" "$ANALYZER_OWNER_PASSWORD"
