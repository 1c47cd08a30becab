#!/bin/sh
# Runs once, when the database container makes its cluster, after roles.sql: gives the two roles their passwords.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=app="$LINLI_APP_PASSWORD" --set=owner="$LINLI_OWNER_PASSWORD" --set=database="$POSTGRES_DB" <<'SQL'
ALTER ROLE linli_app PASSWORD :'app';
ALTER ROLE linli_owner PASSWORD :'owner';
ALTER DATABASE :"database" OWNER TO linli_owner;
SQL
