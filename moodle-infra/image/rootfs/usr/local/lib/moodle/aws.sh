# shellcheck shell=bash
# Calls of AWS by curl, which signs them; sourced by what makes them. `$what` says what is called.

fail() { echo "${0##*/}: ${what:?}: $*" >&2; exit 1; }

# Quietly, and with patience: at the start of a task its network may not be there yet.
get() { curl --silent --show-error --fail-with-body --connect-timeout 3 --max-time 30 \
    --retry 5 --retry-connrefused --retry-delay 1 "$@"; }

# The credentials of the task's role, as lines of a configuration of curl: they are to be given to
# it by standard input, since arguments can be read by every process.
credentials() {
    local at document
    if [[ -n ${AWS_ACCESS_KEY_ID:-} ]]; then
        printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
        [[ -z ${AWS_SESSION_TOKEN:-} ]] \
            || printf 'header = "x-amz-security-token: %s"\n' "$AWS_SESSION_TOKEN"
        return
    elif [[ -n ${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-} ]]; then
        at="http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    elif [[ -n ${AWS_CONTAINER_CREDENTIALS_FULL_URI:-} ]]; then
        at=$AWS_CONTAINER_CREDENTIALS_FULL_URI
    else
        fail "no credentials: the task has no role (taskRoleArn)"
    fi
    document=$(get "$at") || fail "the task's role gave no credentials"
    # shellcheck disable=SC2016 # the variables are PHP's
    php -n -r '
        $it = json_decode(stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
        echo "user = \"$it[AccessKeyId]:$it[SecretAccessKey]\"\n";
        echo "header = \"x-amz-security-token: $it[Token]\"\n";
    ' <<<"$document" || fail "the task's role gave no credentials that can be read"
}
