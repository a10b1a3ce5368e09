//! The containers of nodes and sentinels.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::TryStreamExt as _;

use super::{
    CacheError,
    settings::{FOLDER, File, SETTINGS},
    spec::{CacheSpec, Place},
};
use crate::containers::docker::{
    Docker, DockerError, Mounted, Seen, Spec, bollard::query_parameters::LogsOptionsBuilder,
};

/// What Redis always says, as if it were a warning.
const NOISE: &str = "overcommit_memory";

/// The last file that a container is given: it starts then.
const GO: &str = "go";

/// That a node has had data of its own: it lies on the container's volume, and outlives restarts.
const STARTED: &str = "/data/.started";

/// What the containers run: they wait for files, which are gone whenever one starts anew. Who starts it
/// says what it is then.
const WAIT: &str = "while ! [ -e /run/cache/go ]; do sleep 0.1; done; \
                    exec docker-entrypoint.sh redis-server /run/cache/settings.conf \"$@\"";

/// Takes files from standard input, each after a line with its name and length.
const TAKE: &str = "set -eu; cd /run/cache; umask 077; \
                    while read -r name size; do head -c \"$size\" >\"$name\"; chown redis:redis \"$name\"; \
                    done";

/// The data that a node begins with.
const DATA: &str = "/data/dump.rdb";

/// What is asked of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// It runs, and has its files.
    Runs,
    /// It runs, and waits for them.
    Waits,
    /// It is frozen.
    Frozen,
    /// It has ended.
    Ended,
    /// There is none, or one of another image.
    Missing,
}

/// A container that this agent has started or given files: to look into it costs a process there.
#[derive(Debug)]
struct Known {
    started_at: String,
    has_files: bool,
}

/// The containers of a group. Clones share what they know.
#[derive(Clone, Debug)]
pub(super) struct Containers {
    docker: Docker,
    /// By their names.
    known: Arc<Mutex<HashMap<String, Known>>>,
}

impl Containers {
    pub(super) fn new(docker: &Docker) -> Self {
        Self { docker: docker.clone(), known: Arc::default() }
    }

    /// Whether a container has its files since its last start, if that is known.
    fn has_files(&self, seen: &Seen) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&seen.name).filter(|known| known.started_at == seen.started_at)?;
        Some(known.has_files)
    }

    /// Notes whether a container has its files.
    fn note(&self, seen: Option<Seen>, has_files: bool) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Seen { name, started_at, .. }) = seen {
            all.insert(name, Known { started_at, has_files });
        }
    }

    /// How the container of a part is.
    pub(super) async fn look(&self, spec: &CacheSpec, part: &str) -> Result<Kept, CacheError> {
        let name = spec.owner(part).name();
        let seen =
            self.docker.see(&name).await.map_err(CacheError::docker(format!("see {part}")))?;
        let Some(seen) = seen else { return Ok(Kept::Missing) };
        match seen {
            Seen { image, .. } if image != spec.image => Ok(Kept::Missing),
            Seen { running: false, .. } => Ok(Kept::Ended),
            Seen { paused: true, .. } => Ok(Kept::Frozen),
            seen => {
                match self.has_files(&seen) {
                    Some(true) => return Ok(Kept::Runs),
                    Some(false) => return Ok(Kept::Waits),
                    None => {}
                }
                let test = ["test", "-e", &format!("{FOLDER}/{GO}")];
                let done = self.docker.try_exec(&name, &test, b"").await;
                match done {
                    Ok(done) if done.code == 0 => Ok(Kept::Runs),
                    Ok(_) => Ok(Kept::Waits),
                    // It has ended or was frozen just now.
                    Err(error) if error.is_conflict() || error.is_missing() => Ok(Kept::Ended),
                    Err(error) => Err(CacheError::docker(format!("look into {part}"))(error)),
                }
            }
        }
    }

    /// Whether a node has ever had data. Its container runs.
    pub(super) async fn has_started(
        &self,
        spec: &CacheSpec,
        part: &str,
    ) -> Result<bool, CacheError> {
        let name = spec.owner(part).name();
        let done = self.docker.try_exec(&name, &["test", "-e", STARTED], b"").await;
        Ok(done.map_err(CacheError::docker(format!("look into {part}")))?.code == 0)
    }

    /// Starts the container of a part, or finds it; it waits for its files then.
    pub(super) async fn run(
        &self,
        spec: &CacheSpec,
        place: &Place,
        role: Role,
    ) -> Result<(), CacheError> {
        let doing = || format!("start {} of {}", place.id, spec.id);
        let owner = spec.owner(&place.id);
        let name = owner.name();
        let see = async || self.docker.see(&name).await.map_err(CacheError::docker(doing()));
        let seen = see().await?;
        let runs = seen.as_ref().is_some_and(|seen| seen.running && seen.image == spec.image);
        if seen.is_some_and(|seen| seen.image != spec.image) {
            self.remove(spec, &place.id).await?;
        }
        let mut container = Spec::new(owner, &spec.image, place.network());
        let options: &[&str] = if role == Role::Sentinel { &["--sentinel"] } else { &[] };
        container = container.command([&["sh", "-c", WAIT, "sh"], options].concat());
        let labels = [
            (ROLE, role.word().to_owned()),
            (ADDRESS, place.address.to_string()),
            (INTERFACE, place.interface.clone()),
        ];
        container.labels = labels.map(|(key, value)| (key.to_owned(), value)).into();
        let options = format!("mode=0755,uid={REDIS},gid={REDIS},size=4m");
        container.mounts.push(Mounted::Memory { at: FOLDER.to_owned(), options });
        self.docker.run(&container).await.map_err(CacheError::docker(doing()))?;
        if !runs {
            self.note(see().await?, false);
        }
        Ok(())
    }

    /// Gives a part its files, and with `go` what it waits for. A node that is to have data has them from
    /// its snapshot, all others have none.
    pub(super) async fn give(
        &self,
        spec: &CacheSpec,
        part: &str,
        files: &[File],
        data: Option<&[u8]>,
    ) -> Result<(), CacheError> {
        let name = spec.owner(part).name();
        let doing = || format!("give {part} of {} its settings", spec.id);
        let mut input = vec![];
        if let Some(data) = data {
            put_into(&mut input, DATA, data);
        }
        files.iter().for_each(|(name, text)| put_into(&mut input, name, text.as_bytes()));
        // A start on the way takes the files away: it is not what was noted then.
        let seen = self.docker.see(&name).await.map_err(CacheError::docker(doing()))?;
        let script = format!("rm -f {DATA}; {TAKE}; touch {STARTED} {FOLDER}/{GO}");
        let command = ["sh", "-c", &script];
        if let Err(error) = self.docker.exec(&name, &command, &input).await {
            // Nobody knows how far it came.
            self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
            return Err(CacheError::docker(doing())(error));
        }
        self.note(seen, true);
        Ok(())
    }

    /// Puts files into a container that runs.
    pub(super) async fn put(
        &self,
        spec: &CacheSpec,
        part: &str,
        files: &[File],
    ) -> Result<(), CacheError> {
        let mut input = vec![];
        files.iter().for_each(|(name, text)| put_into(&mut input, name, text.as_bytes()));
        debug_assert!(files.iter().all(|(name, _)| name == SETTINGS || name.ends_with(".pem")));
        let name = spec.owner(part).name();
        let done = self.docker.exec(&name, &["sh", "-c", TAKE], &input).await;
        done.map_err(CacheError::docker(format!("give {part} of {} its files", spec.id)))?;
        Ok(())
    }

    /// Ends a container, frozen ones too, so that it takes no writes.
    pub(super) async fn kill(&self, spec: &CacheSpec, part: &str) -> Result<(), CacheError> {
        let doing = || format!("end {part} of {}", spec.id);
        let name = spec.owner(part).name();
        self.docker.kill(&name).await.map_err(CacheError::docker(doing()))?;
        let seen = self.docker.see(&name).await.map_err(CacheError::docker(doing()))?;
        if seen.is_some_and(|seen| seen.running) {
            // Docker has not waited for the end of it, or a kill does not end what is frozen.
            self.remove(spec, part).await?;
        }
        Ok(())
    }

    /// What Redis warned of last, if its container has ended by itself.
    pub(super) async fn last_words(
        &self,
        spec: &CacheSpec,
        part: &str,
    ) -> Result<Option<String>, CacheError> {
        let name = spec.owner(part).name();
        let doing = || format!("read what {part} of {} said last", spec.id);
        let seen = self.docker.see(&name).await.map_err(CacheError::docker(doing()))?;
        if seen.and_then(|seen| seen.exit_code) != Some(1) {
            return Ok(None);
        }
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail("20").build();
        let lines = self.docker.api().logs(&name, Some(options)).map_ok(|line| line.to_string());
        let lines: Vec<String> = lines
            .try_collect()
            .await
            .map_err(|source| DockerError::api("read the log of", &name, source))
            .map_err(CacheError::docker(doing()))?;
        // Warnings alone: what it can't read of its settings may hold secrets.
        let warnings = lines.iter().filter_map(|line| Some(line.split_once(" # ")?.1.trim()));
        let warnings: Vec<&str> = warnings.filter(|line| !line.contains(NOISE)).collect();
        let last = warnings.iter().rev().take(2).rev().copied().collect::<Vec<_>>().join("; ");
        Ok((!last.is_empty()).then_some(last))
    }

    /// Removes a container.
    pub(super) async fn remove(&self, spec: &CacheSpec, part: &str) -> Result<(), CacheError> {
        let removed = self.docker.remove(&spec.owner(part).name()).await;
        removed.map_err(CacheError::docker(format!("remove {part} of {}", spec.id)))
    }

    /// Which parts have containers: nodes and sentinels.
    pub(super) async fn parts(&self, spec: &CacheSpec) -> Result<Vec<(Place, Role)>, CacheError> {
        let seen = self.docker.find(&spec.labels()).await;
        let seen = seen.map_err(CacheError::docker(format!("find the parts of {}", spec.id)))?;
        let part = |seen: Seen| {
            let label = |key: &str| seen.labels.0.get(key).cloned();
            let address: Ipv4Addr = label(ADDRESS)?.parse().ok()?;
            let place = Place { id: seen.owner()?.part, interface: label(INTERFACE)?, address };
            let role = [Role::Node, Role::Sentinel]
                .into_iter()
                .find(|role| label(ROLE).as_deref() == Some(role.word()))?;
            Some((place, role))
        };
        Ok(seen.into_iter().filter_map(part).collect())
    }

    /// Removes all that the group has.
    pub(super) async fn remove_all(&self, spec: &CacheSpec) -> Result<(), CacheError> {
        let removed = self.docker.remove_all(&spec.labels()).await;
        removed.map_err(CacheError::docker(format!("remove {}", spec.id)))
    }
}

/// As [`TAKE`] reads a file.
fn put_into(input: &mut Vec<u8>, name: &str, content: &[u8]) {
    input.extend(format!("{name} {}\n", content.len()).into_bytes());
    input.extend(content);
}

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A node.
    Node,
    /// A sentinel.
    Sentinel,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Sentinel => "sentinel",
        }
    }
}

const ROLE: &str = "infra.role";
const ADDRESS: &str = "infra.address";
const INTERFACE: &str = "infra.interface";

/// The user `redis` of the official image, and of ours.
const REDIS: u32 = 999;
