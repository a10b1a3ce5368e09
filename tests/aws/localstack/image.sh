#!/bin/bash
# The image of LocalStack, if it is not there: pulled, and where no registry answers, built of its
# packages under the same tag. image.sh TAG
set -euo pipefail
tag=$1
here=$(cd "$(dirname "$0")" && pwd)
files="$here/../../../backend-local/images/localstack"
# One at a time: tests may be processes of their own.
exec 8>"${TMPDIR:-/tmp}/moodle-infra-localstack.lock"
flock 8
docker image inspect "$tag" >/dev/null 2>&1 && exit
timeout 300 docker pull --quiet "$tag" && exit
base=debian:trixie-slim
"$here/../../image/base.sh" "$base" trixie
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$files/Dockerfile" "$files/requirements.txt" "$context"
# Behind a proxy of its own a machine trusts more than what pip brings along.
cp "${SSL_CERT_FILE:-/dev/null}" "$context/authorities.pem"
# The builder that every version has.
DOCKER_BUILDKIT=0 docker build --quiet --build-arg "BASE=$base" --tag "$tag" "$context"
