//! [`Snapshot`]: the data of a group on a volume of its own. It outlives the group.

use super::{
    CacheError, CacheSpec, Place,
    spec::{AGENT, KIND},
};
use crate::containers::docker::{Docker, Labels, Mounted, Network, Owner, Spec};

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// The volume that it is on.
    pub volume: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Takes the data of a node as a replica gets it, writes it to the volume, and has it checked before it
/// has its name. The password comes by standard input.
const TAKE: &str = "set -eu; cd /snapshot; rm -f part; read -r REDISCLI_AUTH; export REDISCLI_AUTH; \
                    if [ \"$2\" ]; then cat >/tmp/authority.pem; \
                    set -- \"$@\" --tls --cacert /tmp/authority.pem --sni \"$2\"; fi; \
                    port=$1; user=$3; shift 3; \
                    redis-cli -h 127.0.0.1 -p \"$port\" --user \"$user\" \"$@\" --rdb part >&2; \
                    unset REDISCLI_AUTH; redis-check-rdb part >&2; sync part; mv part dump.rdb; \
                    stat -c %s dump.rdb";

fn kind() -> String {
    format!("{KIND}-snapshot")
}

fn owner(account: &str, name: &str) -> Owner {
    Owner { account: account.to_owned(), kind: kind(), id: name.to_owned(), part: String::new() }
}

/// A container that has a snapshot's volume, for as long as it takes.
async fn helper(
    docker: &Docker,
    spec: &CacheSpec,
    name: &str,
    network: Network,
    read_only: bool,
) -> Result<String, CacheError> {
    let mut container = Spec::new(spec.owner(&format!("snapshot-{name}")), &spec.image, network);
    container = container.command(["sleep", "infinity"]);
    let (volume, at) = (owner(&spec.account, name).name(), "/snapshot".to_owned());
    container.mounts.push(Mounted::Volume { name: volume, at, read_only });
    // One that was left by a process that was killed is of no use.
    let part = container.owner.name();
    let doing = || format!("get at the snapshot {name}");
    docker.remove(&part).await.map_err(CacheError::docker(doing()))?;
    docker.run(&container).await.map_err(CacheError::docker(doing()))?;
    Ok(part)
}

/// Takes a snapshot of a node.
pub(super) async fn take(
    docker: &Docker,
    spec: &CacheSpec,
    node: &Place,
    name: &str,
) -> Result<Snapshot, CacheError> {
    let doing = || format!("take the snapshot {name} of {}", spec.id);
    // A process that was killed has left one without data: it is taken anew.
    if complete(docker, spec, name).await? {
        return Err(CacheError::SnapshotThere(name.to_owned()));
    }
    let volume = docker.ensure_volume(&owner(&spec.account, name)).await;
    let volume = volume.map_err(CacheError::docker(doing()))?;
    let helper = helper(docker, spec, name, node.network(), false).await?;
    let server = spec.tls.as_ref().map_or("", |tls| tls.name.as_str());
    let command = ["sh", "-c", TAKE, "sh", &spec.port.to_string(), server, AGENT];
    let mut input = format!("{}\n", spec.administration.expose());
    input.extend(spec.tls.iter().map(|tls| tls.authority.as_str()));
    let done = docker.exec(&helper, &command, input.as_bytes()).await;
    let removed = docker.remove(&helper).await;
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            // Half a snapshot is none. What failed first is what is told.
            remove_snapshot(docker, &spec.account, name).await?;
            return Err(CacheError::docker(doing())(error));
        }
    };
    removed.map_err(CacheError::docker(doing()))?;
    let bytes = done.text().parse().unwrap_or(0);
    Ok(Snapshot { name: name.to_owned(), volume, bytes })
}

/// Whether there is a snapshot that has its data.
async fn complete(docker: &Docker, spec: &CacheSpec, name: &str) -> Result<bool, CacheError> {
    if !snapshots(docker, &spec.account).await?.iter().any(|there| there == name) {
        return Ok(false);
    }
    let helper = helper(docker, spec, name, Network::On("none".to_owned()), true).await?;
    let done = docker.try_exec(&helper, &["test", "-e", "/snapshot/dump.rdb"], b"").await;
    let doing = || format!("look at the snapshot {name}");
    docker.remove(&helper).await.map_err(CacheError::docker(doing()))?;
    Ok(done.map_err(CacheError::docker(doing()))?.code == 0)
}

/// The data of a snapshot.
pub(super) async fn read(
    docker: &Docker,
    spec: &CacheSpec,
    name: &str,
) -> Result<Vec<u8>, CacheError> {
    let none = || CacheError::NoSnapshot(name.to_owned());
    if !snapshots(docker, &spec.account).await?.iter().any(|there| there == name) {
        return Err(none());
    }
    let helper = helper(docker, spec, name, Network::On("none".to_owned()), true).await?;
    let done = docker.try_exec(&helper, &["cat", "/snapshot/dump.rdb"], b"").await;
    let doing = || format!("read the snapshot {name}");
    docker.remove(&helper).await.map_err(CacheError::docker(doing()))?;
    let done = done.map_err(CacheError::docker(doing()))?;
    if done.code == 0 { Ok(done.stdout) } else { Err(none()) }
}

/// The snapshots of an account, by name.
///
/// # Errors
/// If Docker refuses.
pub async fn snapshots(docker: &Docker, account: &str) -> Result<Vec<String>, CacheError> {
    let volumes = docker.volumes(&Labels::of_kind(account, &kind())).await;
    let volumes = volumes.map_err(CacheError::docker("list the snapshots of caches"))?;
    let mut names: Vec<String> = volumes.into_iter().map(|(_, owner)| owner.id).collect();
    names.sort();
    Ok(names)
}

/// Removes a snapshot. That it is gone is no error.
///
/// # Errors
/// If Docker refuses.
pub async fn remove_snapshot(docker: &Docker, account: &str, name: &str) -> Result<(), CacheError> {
    let removed = docker.remove_volume(&owner(account, name).name()).await;
    removed.map_err(CacheError::docker(format!("remove the snapshot {name}")))
}
