#!/bin/bash
# The first start of a server without data: makes them, sets the passwords, makes the database and
# its user, and reads what lies in /docker-entrypoint-initdb.d; all on a server that nobody else can
# reach. If it is stopped on the way, the next start begins anew. first-start.sh mysqld [OPTION...]
set -euo pipefail

say() { echo "mysql: $*" >&2; }
fail() { say "$*"; exit 1; }

# A variable's value, or what is in the file that NAME_FILE names.
from_file() {
    local name=$1 file="${1}_FILE"
    [[ -z "${!name:-}" || -z "${!file:-}" ]] || fail "both $name and $file are set: set one"
    if [[ -n "${!file:-}" ]]; then
        [[ -r "${!file}" ]] || fail "the file of $file, ${!file}, can't be read by the user mysql"
        printf -v "$name" '%s' "$(<"${!file}")"
    fi
    # Scripts may ask for it; empty is as good as not set.
    export "$name=${!name:-}"
    unset "$file"
}
for name in MYSQL_ROOT_PASSWORD MYSQL_ROOT_HOST MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do
    from_file "$name"
done
MYSQL_ROOT_HOST=${MYSQL_ROOT_HOST:-%}

if [[ -z "$MYSQL_ROOT_PASSWORD${MYSQL_ALLOW_EMPTY_PASSWORD:-}${MYSQL_RANDOM_ROOT_PASSWORD:-}" ]]; then
    fail "the password of root is not said: set MYSQL_ROOT_PASSWORD (or MYSQL_ROOT_PASSWORD_FILE)," \
        "MYSQL_RANDOM_ROOT_PASSWORD or MYSQL_ALLOW_EMPTY_PASSWORD"
fi
[[ "$MYSQL_USER" != root ]] || fail "MYSQL_USER can't be root, who is there anyway: set MYSQL_ROOT_PASSWORD"
[[ -z "$MYSQL_USER" || -n "$MYSQL_PASSWORD" ]] || fail "MYSQL_USER needs MYSQL_PASSWORD"

# Within quotes of SQL, and of a file of settings.
quoted() { local text=${1//\\/\\\\}; printf "'%s'" "${text//\'/\\\'}"; }
named() { printf '\x60%s\x60' "${1//\`/\`\`}"; }
setting() { local text=${1//\\/\\\\}; printf '"%s"' "${text//\"/\\\"}"; }

if [[ -e "$UNFINISHED" ]]; then
    say "the first start was stopped before its end: it begins anew"
    find "$DATA" -mindepth 1 ! -path "$UNFINISHED" -delete
fi
: >"$UNFINISHED"
say "making the data"
# Whatever stops it, it begins anew: nothing has to reach the disk before the end.
hasty=(--innodb-flush-method=nosync --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF)
"$@" "${hasty[@]}" --initialize-insecure
"$@" "${hasty[@]}" --daemonize --skip-networking --mysqlx=OFF --default-time-zone=SYSTEM \
    --socket="$SOCKET" --pid-file="$SOCKET.pid"

# The password of root as it is now.
now=""
client() {
    local program=$1
    shift
    "$program" --defaults-extra-file=<(printf '[client]\npassword=%s\n' "$(setting "$now")") \
        --protocol=socket --socket="$SOCKET" --user=root "$@"
}
sql() { client mysql --comments "$@"; }

if [[ -z "${MYSQL_INITDB_SKIP_TZINFO:-}" ]]; then
    # Each server has its own: they are not for replicas.
    { echo 'SET @@SESSION.SQL_LOG_BIN = OFF;'; mysql_tzinfo_to_sql /usr/share/zoneinfo; } 2>/dev/null \
        | sql --database=mysql
fi
if [[ -n "${MYSQL_RANDOM_ROOT_PASSWORD:-}" ]]; then
    MYSQL_ROOT_PASSWORD=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
    say "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
fi
{
    # Who is let in is each server's own matter.
    echo 'SET @@SESSION.SQL_LOG_BIN = OFF;'
    if [[ "$MYSQL_ROOT_HOST" != localhost ]]; then
        root="'root'@$(quoted "$MYSQL_ROOT_HOST")"
        echo "CREATE USER $root IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
        echo "GRANT ALL ON *.* TO $root WITH GRANT OPTION;"
    fi
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quoted "$MYSQL_ROOT_PASSWORD");"
    echo 'DROP DATABASE IF EXISTS test;'
} | sql
now=$MYSQL_ROOT_PASSWORD

if [[ -n "$MYSQL_DATABASE" ]]; then
    sql <<<"CREATE DATABASE IF NOT EXISTS $(named "$MYSQL_DATABASE");"
fi
if [[ -n "$MYSQL_USER" ]]; then
    {
        user="$(quoted "$MYSQL_USER")@'%'"
        echo "CREATE USER $user IDENTIFIED BY $(quoted "$MYSQL_PASSWORD");"
        if [[ -n "$MYSQL_DATABASE" ]]; then
            # In the name of a database that rights are given on, these stand for any letters.
            pattern=${MYSQL_DATABASE//_/\\_}
            echo "GRANT ALL ON $(named "${pattern//%/\\%}").* TO $user;"
        fi
    } | sql
fi

database=(${MYSQL_DATABASE:+"--database=$MYSQL_DATABASE"})
shopt -s nullglob
for file in /docker-entrypoint-initdb.d/*; do
    say "reading $file"
    case "$file" in
        *.sh)
            if [[ -x "$file" ]]; then
                "$file"
            else
                # shellcheck disable=SC1090 # It is what the user put there.
                . "$file"
            fi
            ;;
        *.sql) sql "${database[@]}" <"$file" ;;
        *.sql.gz) gunzip --stdout "$file" | sql "${database[@]}" ;;
        *.sql.bz2) bunzip2 --stdout "$file" | sql "${database[@]}" ;;
        *.sql.xz) xz --decompress --stdout "$file" | sql "${database[@]}" ;;
        *.sql.zst) zstd --decompress --stdout "$file" | sql "${database[@]}" ;;
        *) say "$file is neither a script nor SQL: it is left out" ;;
    esac
done
if [[ -n "${MYSQL_ONETIME_PASSWORD:-}" ]]; then
    sql <<<"ALTER USER 'root'@$(quoted "$MYSQL_ROOT_HOST") PASSWORD EXPIRE;"
fi

client mysqladmin shutdown
while [[ -e "$SOCKET.pid" ]]; do sleep 0.05; done
find "$DATA" -type f -exec sync {} +
find "$DATA" -type d -exec sync {} +
rm "$UNFINISHED"
say "the data are there"
