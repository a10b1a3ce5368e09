//! [`Mount`]: files that an instance has mounted, for its tasks and for nobody else.
//!
//! An instance is a container that may mount (FUSE). It does so below a folder of this machine that
//! it has bound `rshared`: the mount appears on this machine, too, and tasks, which may do nothing
//! of that kind, are given it as a plain folder. Where the instance dies, what it mounted stays on
//! this machine as a dead mount, which answers everything with `ENOTCONN`: it is taken away and made
//! anew. So is one whose process alone dies ([`KeptMount`]).
//!
//! Tasks that had the dead one keep it: what they were given is a folder of that mount, which no new one
//! takes the place of, whatever is propagated. They end with their instance, as they do on AWS, or are
//! told by the mount's device ([`devices`]) and replaced.

mod keep;
mod table;

pub use keep::{KeptMount, MountStatus};

use std::{collections::BTreeMap, net::Ipv4Addr, path::Path, sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep, timeout},
};

use super::{FilesError, Folder, Timing, gluster::TIME_IS_UP, helper::with_helper};
use crate::containers::docker::{Docker, Executed, Mounted, Owner};

/// What FUSE mounts of GlusterFS are called.
const FUSE: &str = "fuse.glusterfs";

/// What a script ends with if nothing is mounted, or if its last command failed.
const NOT_MOUNTED: i64 = 3;
const NOT_DONE: i64 = 4;

/// A volume of GlusterFS and those who serve it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What the volume is called.
    pub volume: String,
    /// Its servers: the first is asked, the others if it is away.
    pub servers: Vec<Ipv4Addr>,
}

impl Source {
    fn name(&self) -> String {
        let first = self.servers.first().map(ToString::to_string).unwrap_or_default();
        format!("{first}:/{}", self.volume)
    }

    fn options(&self) -> String {
        let others: Vec<String> = self.servers.iter().skip(1).map(ToString::to_string).collect();
        if others.is_empty() {
            return "log-level=WARNING".to_owned();
        }
        format!("backup-volfile-servers={},log-level=WARNING", others.join(":"))
    }
}

/// What became of a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It was there.
    There,
    /// It was made.
    Made,
    /// It was dead, and was made anew: tasks that had the dead one have to be started anew.
    Renewed,
}

/// How a mount fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountState {
    /// Nothing is mounted there.
    None,
    /// It serves.
    Alive,
    /// Whoever served it is gone.
    Dead,
    /// It does not answer: too many servers of the files hang.
    Hung,
}

/// An instance that mounts files for its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The container of the instance.
    pub instance: String,
    /// A folder of this machine that is the instance's alone: below it is what it mounts.
    pub folder: String,
}

impl Host {
    /// What an instance must have bound, so that its mounts are seen by this machine.
    #[must_use]
    pub fn bind(&self) -> Mounted {
        let (path, at) = (self.folder.clone(), self.folder.clone());
        Mounted::Host { path, at, read_only: false, shared: true }
    }

    /// Makes its folder and looks whether mounts in it can be seen: what has to be so before the
    /// instance starts.
    ///
    /// # Errors
    /// If the folder can't be made, or lies on a mount that is not shared; says what to do.
    pub async fn prepare(&self) -> Result<(), FilesError> {
        let made = tokio::fs::create_dir_all(&self.folder).await;
        made.map_err(|source| FilesError::Folder {
            path: self.folder.clone(),
            doing: "made",
            source,
        })?;
        check_shared(&table::read().await?, &self.folder)
    }
}

fn check_shared(table: &[table::Entry], folder: &str) -> Result<(), FilesError> {
    match table::holder(table, folder) {
        Some(holder) if !holder.shared => {
            let (folder, mount) = (folder.to_owned(), holder.at.clone());
            Err(FilesError::NotShared { folder, mount })
        }
        Some(_) | None => Ok(()),
    }
}

/// Files that an instance has mounted, or is to mount.
#[derive(Clone, Debug)]
pub struct Mount {
    docker: Docker,
    host: Host,
    /// Whose files they are: what a helper is called.
    owner: Owner,
    folder: String,
    timing: Timing,
    turn: Turn,
}

/// Held by who looks at a mount and mounts it: two who find none would mount one above the other.
pub(super) type Turn = Arc<Mutex<()>>;

impl Mount {
    /// Files of an owner, below an instance's folder. All who may mount them at the same time have the
    /// same turn.
    #[must_use]
    pub(super) fn new(
        docker: &Docker,
        host: &Host,
        owner: &Owner,
        timing: Timing,
        turn: Turn,
    ) -> Self {
        let folder = format!("{}/{}", host.folder, owner.id);
        let (host, owner) = (host.clone(), owner.clone());
        Self { docker: docker.clone(), host, owner, folder, timing, turn }
    }

    /// Where they are, on this machine and in the instance alike.
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Mounts them, if they are not or if what is mounted is dead, and waits until this machine sees
    /// it.
    ///
    /// # Errors
    /// If the instance can't, or this machine does not see it; says what to do.
    pub async fn ensure(&self, source: &Source) -> Result<Ensured, FilesError> {
        self.ensure_then(source, None).await
    }

    /// Mounts them, and makes a folder within them, unless it is there.
    ///
    /// # Errors
    /// As [`ensure`](Self::ensure), or if the folder can't be made.
    pub async fn ensure_with(
        &self,
        source: &Source,
        folder: &Folder,
    ) -> Result<Ensured, FilesError> {
        self.ensure_then(source, Some(folder)).await
    }

    async fn ensure_then(
        &self,
        source: &Source,
        folder: Option<&Folder>,
    ) -> Result<Ensured, FilesError> {
        check_shared(&table::read().await?, &self.host.folder)?;
        let _turn = self.turn.lock().await;
        let ensured = match self.look(folder).await? {
            MountState::Alive => Ensured::There,
            // It may come back: taken away now it would break what waits for it.
            MountState::Hung => {
                return Err(FilesError::Slow {
                    node: self.host.instance.clone(),
                    command: format!("stat {}", self.folder),
                    seconds: self.timing.touch.as_secs(),
                });
            }
            MountState::None => Ensured::Made,
            MountState::Dead => {
                self.take_away().await?;
                Ensured::Renewed
            }
        };
        if ensured != Ensured::There {
            let done = self.mount(source).await?;
            // The helper of GlusterFS ends with 0 though nothing is mounted, at times.
            if done.code != 0 || self.look(folder).await? != MountState::Alive {
                let said = match said(&done) {
                    said if said.is_empty() => {
                        format!("none of its servers answers ({:?})", source.servers)
                    }
                    said => said,
                };
                return Err(self.refused(source.name(), said));
            }
        }
        self.seen().await?;
        Ok(ensured)
    }

    /// Mounts them where nothing is.
    async fn mount(&self, source: &Source) -> Result<Executed, FilesError> {
        let seconds = self.timing.mount.as_secs().max(1).to_string();
        let script = "mkdir -p \"$1\" || exit\n\
                      exec timeout -k 1 \"$2\" mount -t glusterfs -o \"$3\" \"$4\" \"$1\"";
        let (options, name) = (source.options(), source.name());
        self.run(&["sh", "-c", script, "sh", &self.folder, &seconds, &options, &name]).await
    }

    /// How it fares, as the instance sees it.
    ///
    /// # Errors
    /// If the instance does not run.
    pub async fn state(&self) -> Result<MountState, FilesError> {
        self.look(None).await
    }

    /// How it fares; if it serves, a folder is made as well: a process in the instance costs more than what it
    /// does.
    async fn look(&self, folder: Option<&Folder>) -> Result<MountState, FilesError> {
        let script = format!(
            "grep -qF \" $1 {FUSE} \" /proc/self/mounts || exit {NOT_MOUNTED}\n\
             timeout -s KILL \"$2\" stat \"$1/.\" >/dev/null 2>&1 || exit\n\
             shift 2; [ $# = 0 ] || \"$@\" || exit {NOT_DONE}"
        );
        let seconds = self.timing.touch.as_secs().max(1).to_string();
        let make = folder.map(|folder| folder.make(&self.folder)).transpose()?;
        let mut command = vec!["sh", "-c", &script, "sh", &self.folder, &seconds];
        command.extend(make.iter().flatten().map(String::as_str));
        let done = self.run(&command).await?;
        match (done.code, folder) {
            (0, _) => Ok(MountState::Alive),
            (NOT_MOUNTED, _) => Ok(MountState::None),
            (NOT_DONE, Some(folder)) => Err(self.refused(folder.path.clone(), said(&done))),
            (code, _) if TIME_IS_UP.contains(&code) => Ok(MountState::Hung),
            // ENOTCONN, or what else a mount answers whose process is gone.
            _ => Ok(MountState::Dead),
        }
    }

    fn refused(&self, what: String, said: String) -> FilesError {
        let (instance, folder) = (self.host.instance.clone(), self.folder.clone());
        FilesError::Mount { instance, what, folder, said }
    }

    /// Waits until this machine sees it.
    async fn seen(&self) -> Result<(), FilesError> {
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let table = table::read().await?;
            if table.iter().any(|entry| entry.at == self.folder && entry.kind == FUSE) {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(FilesError::Unseen {
                    instance: self.host.instance.clone(),
                    folder: self.folder.clone(),
                    parent: self.host.folder.clone(),
                });
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Unmounts them and removes their folder, also where the instance is gone.
    ///
    /// # Errors
    /// If they stay mounted; says what to do.
    pub async fn remove(&self) -> Result<(), FilesError> {
        self.take_away().await?;
        // The folder is the instance's root's: whoever runs this may remove it from their own.
        match tokio::fs::remove_dir(&self.folder).await {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                let (path, doing) = (self.folder.clone(), "removed");
                Err(FilesError::Folder { path, doing, source })
            }
            _ => Ok(()),
        }
    }

    /// Unmounts at once, whether somebody uses it or not: what uses a dead mount never ends.
    async fn take_away(&self) -> Result<(), FilesError> {
        let failed = || FilesError::docker(&self.owner.id, "unmounting");
        let seen = self.docker.see(&self.host.instance).await.map_err(failed())?;
        // One above the other may be mounted, where an instance died while it mounted.
        let script =
            "while grep -q \" $1 fuse\" /proc/self/mounts; do umount -l \"$1\" || exit; done";
        let command = ["sh", "-c", script, "sh", &*self.folder];
        if seen.is_some_and(|it| it.running && !it.paused) {
            let done = self.run(&command).await?;
            if done.code != 0 {
                return Err(self.refused("nothing".to_owned(), said(&done)));
            }
        }
        if !table::is_mounted(&table::read().await?, &self.folder) {
            return Ok(());
        }
        // What the instance no longer has, or never had: it started before this machine shared it.
        let owner = Owner { part: format!("{}-unmount", self.host.instance), ..self.owner.clone() };
        let bound = vec![self.host.bind()];
        with_helper(&self.docker, owner, bound, Some("SYS_ADMIN"), &command).await?;
        if table::is_mounted(&table::read().await?, &self.folder) {
            return Err(FilesError::StillMounted { folder: self.folder.clone() });
        }
        Ok(())
    }

    /// Runs a command in the instance, for no longer than a mount may take.
    async fn run(&self, command: &[&str]) -> Result<Executed, FilesError> {
        let patience = self.timing.mount.max(self.timing.touch) + Duration::from_secs(5);
        let done = timeout(patience, self.docker.try_exec(&self.host.instance, command, b"")).await;
        let slow = |_| FilesError::Slow {
            node: self.host.instance.clone(),
            command: command.join(" "),
            seconds: patience.as_secs(),
        };
        done.map_err(slow)?.map_err(FilesError::docker(&self.owner.id, "asking an instance"))
    }
}

fn said(done: &Executed) -> String {
    let said = format!("{} {}", done.text(), String::from_utf8_lossy(&done.stderr).trim());
    said.trim().to_owned()
}

/// The device of each volume of GlusterFS that is mounted on this machine, by where it is. Who has a
/// folder of another one than is mounted there now has a dead one.
///
/// # Errors
/// If this machine does not tell.
pub async fn devices() -> Result<BTreeMap<String, String>, FilesError> {
    let table = table::read().await?.into_iter().filter(|entry| entry.kind == FUSE);
    Ok(table.map(|entry| (entry.at, entry.device)).collect())
}

/// Takes away all that is mounted below a folder of this machine, and nothing else: what an instance
/// left that is not known any more.
///
/// # Errors
/// If something stays mounted; says what to do.
pub async fn unmount_below(
    docker: &Docker,
    owner: &Owner,
    folder: &str,
) -> Result<Vec<String>, FilesError> {
    let below = |table: Vec<table::Entry>| -> Vec<String> {
        let inside = |at: &String| Path::new(at).starts_with(folder) && at != folder;
        table.into_iter().map(|entry| entry.at).filter(inside).collect()
    };
    let left = below(table::read().await?);
    if left.is_empty() {
        return Ok(left);
    }
    let bound = Mounted::Host {
        path: folder.to_owned(),
        at: folder.to_owned(),
        read_only: false,
        shared: true,
    };
    // The last is above the others.
    let script = "for at in \"$@\"; do umount -l \"$at\" || exit; done";
    let mut command = vec!["sh", "-c", script, "sh"];
    command.extend(left.iter().rev().map(String::as_str));
    with_helper(docker, owner.clone(), vec![bound], Some("SYS_ADMIN"), &command).await?;
    match below(table::read().await?).into_iter().next() {
        Some(folder) => Err(FilesError::StillMounted { folder }),
        None => Ok(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_servers_are_asked_if_the_first_is_away() {
        let servers = [1, 2, 3].map(|third| Ipv4Addr::new(10, 0, third, 11)).to_vec();
        let source = Source { volume: "files".to_owned(), servers };
        assert_eq!(source.name(), "10.0.1.11:/files");
        let options = "backup-volfile-servers=10.0.2.11:10.0.3.11,log-level=WARNING";
        assert_eq!(source.options(), options);
    }

    #[test]
    fn a_folder_that_is_not_shared_is_refused_with_what_to_do() {
        let entry = |at: &str, shared| table::Entry {
            at: at.to_owned(),
            kind: "ext4".to_owned(),
            device: "254:0".to_owned(),
            shared,
        };
        let table = [entry("/", false), entry("/srv", true)];
        check_shared(&table, "/srv/x").unwrap();
        let error = check_shared(&table, "/home/x").unwrap_err().to_string();
        assert!(error.starts_with("/home/x lies on /, which is no shared mount"), "{error}");
        assert!(error.contains("`mount --make-rshared /`"), "{error}");
    }
}
