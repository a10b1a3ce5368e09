#!/bin/sh
# The start of Redis: options alone are meant for redis-server, root hands over to the user redis,
# and clients elsewhere are let in, as by the official image.
set -eu

# Options or a file of settings, without the name of a program.
case "${1:-}" in
    '' | -* | *.conf) set -- redis-server "$@" ;;
esac

# What Debian builds lets nobody in but this machine unless a password is set. Whoever sets
# protected-mode, in the file or as an option, has the last word; a sentinel lets all in anyway.
admits_all() {
    shift
    case "${1:-}" in
        -v | --version | -h | --help | --test-memory | --check-system) return 1 ;;
        -*) ;;
        ?*) grep -Eiqs '^[[:space:]]*protected-mode[[:space:]]' "$1" && return 1 ;;
    esac
    case " $* " in
        *' --sentinel '* | *' --protected-mode '*) return 1 ;;
    esac
}
if [ "$1" = redis-server ] && admits_all "$@"; then
    set -- "$@" --protected-mode no
fi

# What it writes is its own; who has set another mask meant it.
[ "$(umask)" != 0022 ] || umask 0077

case "$1" in
    redis-server | redis-sentinel)
        if [ "$(id -u)" = 0 ]; then
            # A folder that can't be given away (read-only, of this machine) is left as it is.
            find . ! -user redis -exec chown -h redis:redis {} + || true
            exec setpriv --reuid=redis --regid=redis --init-groups -- "$@"
        fi
        ;;
esac
exec "$@"
