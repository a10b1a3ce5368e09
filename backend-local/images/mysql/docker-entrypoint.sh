#!/bin/bash
# The start of MySQL: options alone are meant for mysqld, root hands over to the user mysql, and a
# folder without data gets some before the server is there for anybody (first-start.sh).
set -euo pipefail

fail() { echo "mysql: $*" >&2; exit 1; }

if (( $# == 0 )) || [[ "$1" == -* ]]; then
    set -- mysqld "$@"
fi

asks_for_help() {
    local word
    for word; do
        case "$word" in
            -'?' | --help | --print-defaults | -V | --version) return 0 ;;
        esac
    done
    return 1
}
if [[ "$1" != mysqld ]] || asks_for_help "$@"; then
    exec "$@"
fi

# What mysqld makes of these options and its files. Wrong ones end here.
settings=$("$@" --verbose --help --log-bin-index=/dev/null 2>/tmp/wrong) \
    || fail "the options or the files in /etc/mysql/conf.d are wrong: $(tail -n 5 /tmp/wrong)"
rm -f /tmp/wrong
# The table of what holds comes after the text that explains.
setting() { awk -v name="$1" '/^---/ { table = 1 } table && $1 == name { print $2; exit }' <<<"$settings"; }
data=$(setting datadir)
data=${data%/}
socket=$(setting socket)
[[ -n "$data" && -n "$socket" ]] || fail "mysqld does not say where its data are"

if (( UID == 0 )); then
    install -d -o mysql -g mysql "$data" "$(dirname "$socket")"
    # A folder that can't be given away is left as it is: mysqld says what it can't read.
    find "$data" ! -user mysql -exec chown -h mysql:mysql {} + || true
    exec setpriv --reuid=mysql --regid=mysql --init-groups -- "${BASH_SOURCE[0]}" "$@"
fi

# It is there while the data are not whole yet. Names with a dot are none of a database.
unfinished=$data/.first-start
if [[ ! -d "$data/mysql" || -e "$unfinished" ]]; then
    # Not in its environment, which mysqld would hand on.
    DATA=$data SOCKET=$socket UNFINISHED=$unfinished first-start.sh "$@"
fi
unset MYSQL_ROOT_PASSWORD MYSQL_PASSWORD
exec "$@"
