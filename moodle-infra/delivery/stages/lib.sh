# shellcheck shell=bash
# What the stages have in common; each reads it first. README.md is the contract.
set -Eeuo pipefail

stage=${0##*/}
RESULTS=${RESULTS:-.delivery}

say() { printf '%s: %s\n' "$stage" "$*" >&2; }
# What nobody has foreseen ends a stage too, and not without a word.
trap 'say "line $LINENO: $BASH_COMMAND"' ERR
# Something was found that stops the delivery.
fail() { say "$*"; exit 1; }

# Inputs that nobody can do without.
need() { # VARIABLE...
    local variable
    for variable; do
        [[ -n ${!variable:-} ]] || { say "$variable is not set: README.md says what it is"; exit 64; }
    done
}

# An input that is yes or no.
is() { # VARIABLE
    case ${!1} in
        yes) ;;
        no) return 1 ;;
        *) say "$1=${!1}: give yes or no"; exit 64 ;;
    esac
}

# A stage whose tool is missing has not passed.
tools() { # COMMAND...
    local tool
    for tool; do
        command -v "$tool" >/dev/null || { say "there is no '$tool' here: install it"; exit 69; }
    done
}

# A stage that begins has no result yet, whatever an earlier run said.
begin() {
    mkdir -p "$RESULTS"
    rm -f "$RESULTS/$stage.env"
}

# The result of this stage, all of it or nothing.
finish() { # KEY=VALUE...
    local line file=$RESULTS/$stage.env
    for line; do
        [[ $line =~ ^[a-z_]+=[^[:cntrl:]]*$ ]] || { say "'$line' is no result"; exit 70; }
    done
    printf '%s\n' "$@" >"$file.new"
    mv "$file.new" "$file"
    printf '%s\n' "$@" | sed "s/^/$stage: /" >&2
}

# What an earlier stage has said, as REPLY: where it is missing this one ends, which it would not
# everywhere from within $(...).
result() { # STAGE KEY
    local file=$RESULTS/$1.env
    REPLY=$(grep --max-count 1 "^$2=" "$file" 2>/dev/null) || {
        say "$file says no '$2': the stage '$1' comes before this one"
        exit 65
    }
    REPLY=${REPLY#*=}
}

# Whether there is an image that was built just now; otherwise the stage has nothing to do.
was_built() {
    result build built
    [[ $REPLY != yes ]] || return 0
    result build tag
    say "nothing was built: $REPLY is in the registry already"
    return 1
}

# The image that was built, as `image` by the id that nobody can change, and as `reference` by its tag.
find_image() {
    local id
    result build id
    id=$REPLY
    result build tag
    reference=$REPOSITORY:$REPLY
    image=$(docker image inspect --format '{{.Id}}' "$reference") || fail "there is no $reference"
    [[ $image == "$id" ]] ||
        fail "$reference is $image, and $id was built: somebody built beside this"
}

# A folder of this stage alone, which goes with it. What else is to go is in `undo`.
undo=()
scratch=
clean() {
    local command
    for command in "${undo[@]}"; do eval "$command" >/dev/null 2>&1 || true; done
    [[ -z $scratch ]] || rm -rf "$scratch"
}
trap clean EXIT
make_scratch() { scratch=$(mktemp -d); }

# The digest of a tag in the registry; nothing if the tag is not there.
digest_of() { # TAG
    local digest
    if digest=$(aws ecr describe-images --region "$AWS_REGION" \
        --repository-name "${REPOSITORY#*/}" --image-ids "imageTag=$1" \
        --query 'imageDetails[0].imageDigest' --output text 2>"$scratch/errors"); then
        [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || fail "ECR says that the digest of $1 is '$digest'"
        printf '%s\n' "$digest"
    elif ! grep -q ImageNotFoundException "$scratch/errors"; then
        fail "ECR does not tell about $1: $(tr '\n' ' ' <"$scratch/errors")"
    fi
}

# Logs in to the registry, for this stage alone: the token stays in no file of the machine.
login() {
    export DOCKER_CONFIG=$scratch/docker
    mkdir -p "$DOCKER_CONFIG"
    aws ecr get-login-password --region "$AWS_REGION" |
        docker login --username AWS --password-stdin "${REPOSITORY%%/*}" >/dev/null 2>"$scratch/errors" ||
        fail "no login to ${REPOSITORY%%/*}: $(tr '\n' ' ' <"$scratch/errors")"
}

# What an image would make of a database: all that Moodle and its plugins call a version.
schema_of() { # IMAGE
    docker run --rm --network none --entrypoint sh "$1" -ec '
        cd /var/www/moodle
        find . -name version.php | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d " " -f 1'
}

# Takes on the role that may change the site, if there is one; INFRA alone gets its credentials.
assume() {
    role=()
    [[ -n ${DEPLOY_ROLE:-} ]] || return 0
    tools aws
    local answer id key token
    answer=$(aws sts assume-role --role-arn "$DEPLOY_ROLE" \
        --role-session-name "delivery-${BUILD_NUMBER:-by-hand}" --duration-seconds 3600 \
        --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text) ||
        fail "the role $DEPLOY_ROLE can't be taken on"
    read -r id key token <<<"$answer"
    [[ -n $token ]] || fail "the role $DEPLOY_ROLE came without credentials"
    role=("AWS_ACCESS_KEY_ID=$id" "AWS_SECRET_ACCESS_KEY=$key" "AWS_SESSION_TOKEN=$token")
}

# The program of the infrastructure, as its deploy role. Settings come before the command, where those
# of INFRA stand: of two places for them the later one alone would count.
infra() { # ARGUMENT...
    local words variable
    read -ra words <<<"$INFRA"
    (
        # By the environment: arguments can be read by every process.
        for variable in "${role[@]}"; do export "${variable?}"; done
        exec "${words[@]}" "$@"
    )
}

# What the stack tells; nothing if it tells no such thing.
output() { # NAME
    jq --raw-output --arg name "$1" '.[$name] // empty' "$scratch/outputs"
}
read_outputs() {
    infra output --json >"$scratch/outputs" ||
        fail "the stack does not tell what it is: $(cat "$scratch/outputs")"
}
