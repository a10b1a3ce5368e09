#!/bin/bash
# The base of the images, if it is not there: Debian, made of its packages. base.sh TAG SUITE
set -euo pipefail
tag=$1 suite=$2
# One at a time: tests may be processes of their own.
exec 9>"${TMPDIR:-/tmp}/moodle-infra-base.lock"
flock 9
docker image inspect "$tag" >/dev/null 2>&1 && exit
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb "$root"/usr/share/{doc,man,locale}/*
tar -C "$root" --numeric-owner -c . | docker import - "$tag"
