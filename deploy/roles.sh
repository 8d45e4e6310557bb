#!/bin/sh
# Run once by the database's container when its volume is new: two roles and the database that belongs to the first.
# redcredit_owner owns the tables and migrates; redcredit is what web, worker and beat connect as. Neither rules the server.
# On a server of your own call it by hand as its superuser, with the two passwords in the environment.
set -eu
: "${DATABASE_OWNER_PASSWORD:?}" "${DATABASE_PASSWORD:?}"
psql -v ON_ERROR_STOP=1 -X -q -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv password DATABASE_PASSWORD
CREATE ROLE redcredit_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE redcredit LOGIN PASSWORD :'password';
CREATE DATABASE redcredit OWNER redcredit_owner TEMPLATE template0
    ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE redcredit FROM PUBLIC;
SQL
