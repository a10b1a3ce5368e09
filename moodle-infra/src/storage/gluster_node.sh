# What follows is the same on every node, and may run again: at the first start, at that of a
# machine that takes another one's place, with its disk or with an empty one.
say() { echo "gluster-node: $*" >&2; }

# Waits up to ten minutes for a command to succeed.
retry() {
    local tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 120 ] || { say "gave up: $*"; return 1; }
        sleep 5
    done
}

export DEBIAN_FRONTEND=noninteractive
retry apt-get update -qq
retry apt-get install -qq --yes glusterfs-server xfsprogs attr uuid-runtime

# The disk is attached after the machine has started. Its name follows from the volume's id.
device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$(echo "$DISK" | tr -d -)"
retry test -e "$device"
blkid "$device" >/dev/null || mkfs.xfs -q -i size=512 "$device"
mkdir -p "$BRICKS"
grep -q " $BRICKS " /etc/fstab || echo "$device $BRICKS xfs defaults,noatime 0 2" >> /etc/fstab
mountpoint -q "$BRICKS" || mount "$BRICKS"

# The security groups let the ports of a few volumes through, and not all that it would choose from.
settings=/etc/glusterfs/glusterd.vol
sed -i -e '/option base-port/d' -e '/option max-port/d' \
    -e "/^end-volume/i\    option base-port ${PORTS% *}\n    option max-port ${PORTS#* }" "$settings"

# A node is known by its address: whoever has it is the same node to the others.
uuid=$(uuidgen --sha1 --namespace @dns --name "$SELF")
systemctl enable glusterd
systemctl start glusterd
if ! grep -qs "^UUID=$uuid$" /var/lib/glusterd/glusterd.info; then
    # The file is written when it is asked for.
    gluster system:: uuid get >/dev/null
    systemctl stop glusterd
    sed -i "s/^UUID=.*/UUID=$uuid/" /var/lib/glusterd/glusterd.info
    systemctl start glusterd
fi

first=${NODES%% *}
for node in $NODES; do
    [ "$node" = "$SELF" ] || retry gluster --mode=script peer probe "$node"
done

known() { gluster --mode=script volume info "$VOLUME" >/dev/null 2>&1; }

# The first node makes the volume, unless the others tell of it.
if [ "$SELF" = "$first" ] && ! known; then
    bricks=()
    for node in $NODES; do bricks+=("$node:$BRICKS/$VOLUME"); done
    retry gluster --mode=script volume create "$VOLUME" replica "${#bricks[@]}" "${bricks[@]}"
fi
# The others tell of it; a machine that takes another one's place may have to start anew to be heard.
tries=0
until known; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { say "nobody tells of the volume"; exit 1; }
    if [ $((tries % 12)) -eq 0 ]; then
        systemctl stop glusterd
        systemctl start glusterd
    fi
    sleep 5
done
if [ "$SELF" = "$first" ]; then
    while read -r option value; do
        [ -z "$option" ] || gluster --mode=script volume set "$VOLUME" "$option" "$value"
    done <<< "$OPTIONS"
    gluster --mode=script volume start "$VOLUME" || say "it has started before"
fi

# A brick on an empty disk is filled by the others: it has to say first which volume it is of.
brick="$BRICKS/$VOLUME"
if ! getfattr -n trusted.glusterfs.volume-id "$brick" >/dev/null 2>&1; then
    say "the brick is empty: the others fill it"
    mkdir -p "$brick/.glusterfs/indices"
    id=$(gluster --mode=script volume info "$VOLUME" | sed -n 's/^Volume ID: //p' | tr -d -)
    setfattr -n trusted.glusterfs.volume-id -v "0x$id" "$brick"
    gluster --mode=script volume start "$VOLUME" force
    # The others hear of it a moment after it has started, and only then fill it.
    for _ in $(seq 24); do
        gluster --mode=script volume heal "$VOLUME" full || true
        sleep 5
        [ -z "$(find "$brick" -mindepth 1 -maxdepth 1 ! -name '.glusterfs*' -print -quit)" ] || break
    done
fi
say "ready"
