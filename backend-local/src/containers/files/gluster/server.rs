//! The container of a server: its disks, and who it is to the others.

use super::{super::FilesError, Server, spec::GlusterSpec};
use crate::containers::docker::{Docker, Network, Spec};

/// What is told of a container, so that one that was made for another spec is known.
const SHAPE: &str = "infra.files.shape";

/// What a server does first: who it is to the others follows from its address, so that a server that
/// lost what it knew is the same one to them. A volume's bricks get ports that security groups let
/// through. Geo-replication is not used: each command would ask first whether it is there, which takes
/// ten times as long as the command.
const SCRIPT: &str = r#"set -e
info=/var/lib/glusterd/glusterd.info
release=$(glusterd --version | sed -n '1s/^glusterfs \([0-9]*\).*/\1/p')
[ -s "$info" ] || printf 'UUID=%s\noperating-version=%s0000\n' "$IDENTITY" "$release" >"$info"
rm -f /usr/lib/*/glusterfs/gsyncd
settings=/etc/glusterfs/glusterd.vol
sed -i -e '/option base-port/d' -e '/option max-port/d' \
    -e "/^end-volume/i\    option base-port $LOWEST\n    option max-port $HIGHEST" "$settings"
exec glusterd --no-daemon --log-level=WARNING --log-file=/dev/stdout
"#;

/// How a container of a server has to be.
pub(super) fn shape(spec: &GlusterSpec, server: &Server) -> String {
    format!("{} {} {}-{}", spec.image, server.interface, spec.ports.0, spec.ports.1)
}

/// What its container says it is.
pub(super) fn shape_of(seen: &crate::containers::docker::Seen) -> Option<&str> {
    seen.labels.0.get(SHAPE).map(String::as_str)
}

/// Who a server is to the others: a UUID (version 8: as its maker likes) of the file system and the
/// address.
fn identity(spec: &GlusterSpec, server: &Server) -> String {
    use blake2::{Blake2s256, Digest as _};
    let hash = Blake2s256::new()
        .chain_update(&spec.account)
        .chain_update([0])
        .chain_update(&spec.id)
        .chain_update([0])
        .chain_update(server.address.octets())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Starts a server with its disks, or finds it. One that can't be started because the container of
/// its address was made anew is made anew, too: all that matters is on its disks.
pub(super) async fn run(
    docker: &Docker,
    spec: &GlusterSpec,
    server: &Server,
) -> Result<(), FilesError> {
    let failed = || FilesError::docker(&spec.id, "starting a server");
    let brick = docker.ensure_volume(&spec.brick_volume(server)).await.map_err(failed())?;
    let state = docker.ensure_volume(&spec.state_volume(server)).await.map_err(failed())?;
    let mut container =
        Spec::new(spec.container(server), &spec.image, Network::Of(server.interface.clone()))
            .command(["sh", "-c", SCRIPT])
            .env("IDENTITY", identity(spec, server))
            .env("LOWEST", spec.ports.0.to_string())
            .env("HIGHEST", spec.ports.1.to_string())
            .volume(brick, "/bricks")
            .volume(state, "/var/lib/glusterd")
            // Bricks keep what they know of files in attributes that only this lets them have.
            .capability("SYS_ADMIN");
    // A brick that is filled anew is marked through a mount of its own.
    container.devices = vec!["/dev/fuse".to_owned()];
    container.restarts = true;
    container.labels.insert(SHAPE.to_owned(), shape(spec, server));
    docker.run(&container).await.map(|_| ()).map_err(failed())
}

#[cfg(test)]
mod tests {
    use super::{super::spec::tests::spec, *};

    #[test]
    fn who_a_server_is_follows_from_its_address() {
        let spec = spec();
        let ids: Vec<String> = spec.servers.iter().map(|it| identity(&spec, it)).collect();
        assert_eq!(ids[0], identity(&spec, &spec.servers[0]));
        assert_ne!(ids[0], ids[1]);
        assert_eq!(ids[0].len(), 36);
        assert_eq!(&ids[0][14..15], "8");
    }
}
