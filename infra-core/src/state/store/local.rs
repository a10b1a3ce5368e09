//! [`LocalStore`]: state in a folder on this machine.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Seek, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{Holder, Lease, Loaded, Segment, StateStore, StoreError, WriteCheckpoint};

/// How many earlier checkpoints are kept.
const KEPT: usize = 5;

/// State in a folder on this machine.
///
/// | file | is |
/// |---|---|
/// | `checkpoint.json` | the state after the last run that ended |
/// | `journal` | what happened since |
/// | `lock` | locked by the operating system while a run holds the lease, freed by its death |
/// | `history/` | earlier checkpoints |
///
/// Files are readable by their owner alone.
#[derive(Clone, Debug)]
pub struct LocalStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    held: Mutex<Option<Held>>,
}

#[derive(Debug)]
struct Held {
    /// Closing it frees the lock.
    lock: File,
    journal: File,
    /// Where the next batch goes.
    end: u64,
    epoch: u64,
    next_sequence: u64,
}

/// What the lock file says.
#[derive(Default, Serialize, Deserialize)]
struct LockFile {
    epoch: u64,
    holder: Holder,
}

impl LocalStore {
    /// State in this folder, made when first written to.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner { folder: folder.into(), held: Mutex::new(None) }))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// The file of the current checkpoint.
    #[must_use]
    pub fn checkpoint_path(&self) -> PathBuf {
        self.0.path("checkpoint.json")
    }

    /// Runs what may wait for a disk where it holds nobody up.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&inner)).await {
            Ok(result) => result,
            Err(error) => Err(failed(&self.0.folder, "used", io::Error::other(error))),
        }
    }
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> StoreError {
    StoreError::Io { place: path.display().to_string(), what, source }
}

fn open(path: &Path, options: &mut OpenOptions) -> Result<File, StoreError> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path).map_err(|error| failed(path, "opened", error))
}

impl Inner {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the files of a good lease.
    fn with<T>(
        &self,
        lease: &Lease,
        work: impl FnOnce(&mut Held) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.held().as_mut() {
            Some(held) if held.epoch == lease.epoch => work(held),
            _ => Err(StoreError::Fenced),
        }
    }

    fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        make_folder(&self.folder)?;
        let path = self.path("lock");
        let mut lock =
            open(&path, OpenOptions::new().read(true).write(true).create(true).truncate(false))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(StoreError::Held { holder: read_lock(&mut lock).holder });
            }
            Err(fs::TryLockError::Error(error)) => return Err(failed(&path, "locked", error)),
        }
        let epoch = read_lock(&mut lock).epoch + 1;
        let text = serde_json::to_vec(&LockFile { epoch, holder }).map_err(io::Error::from);
        text.and_then(|text| rewrite(&mut lock, &text))
            .map_err(|error| failed(&path, "written", error))?;
        let path = self.path("journal");
        let options = &mut OpenOptions::new();
        let mut journal = open(&path, options.read(true).write(true).create(true).truncate(false))?;
        let end = journal.seek(io::SeekFrom::End(0));
        let end = end.map_err(|error| failed(&path, "read", error))?;
        *self.held() = Some(Held { lock, journal, end, epoch, next_sequence: 0 });
        Ok(Lease { epoch })
    }

    fn append(&self, lease: &Lease, sequence: u64, batch: &[u8]) -> Result<(), StoreError> {
        self.with(lease, |held| {
            if sequence != held.next_sequence {
                return Err(StoreError::Fenced);
            }
            let written = held.journal.write_all(batch).and_then(|()| held.journal.sync_data());
            if let Err(error) = written {
                // What of it arrived would look like damage under the next batch.
                let _ = held.journal.set_len(held.end);
                return Err(failed(&self.path("journal"), "written", error));
            }
            held.end += batch.len() as u64;
            held.next_sequence += 1;
            Ok(())
        })
    }

    fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        self.with(lease, |held| {
            let cut = held.journal.set_len(bytes).and_then(|()| held.journal.sync_data());
            let cut = cut.and_then(|()| held.journal.seek(io::SeekFrom::Start(bytes)));
            held.end = cut.map_err(|error| failed(&self.path("journal"), "cut", error))?;
            Ok(())
        })
    }

    /// The new checkpoint takes the old one's place in one step; the old one goes to history.
    fn replace(&self, lease: &Lease, new: &Path, serial: u64) -> Result<(), StoreError> {
        self.with(lease, |_| {
            let path = self.path("checkpoint.json");
            if path.exists() {
                self.keep(&path, serial)?;
            }
            fs::rename(new, &path).map_err(|error| failed(&path, "replaced", error))?;
            sync_folder(&self.folder)
        })?;
        self.truncate(lease, 0)
    }

    fn keep(&self, path: &Path, serial: u64) -> Result<(), StoreError> {
        let history = self.path("history");
        make_folder(&history)?;
        let kept = history.join(format!("checkpoint-before-{serial:08}.json"));
        let linked = fs::remove_file(&kept)
            .or_else(
                |error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) },
            )
            .and_then(|()| fs::hard_link(path, &kept));
        linked.map_err(|error| failed(&kept, "kept", error))?;
        for old in self.kept()?.iter().skip(KEPT) {
            fs::remove_file(old).map_err(|error| failed(old, "removed", error))?;
        }
        Ok(())
    }

    /// Earlier checkpoints, the newest first.
    fn kept(&self) -> Result<Vec<PathBuf>, StoreError> {
        let history = self.path("history");
        let entries = match fs::read_dir(&history) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries.map_err(|error| failed(&history, "read", error))?,
        };
        let mut paths = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| failed(&history, "read", error))?;
        paths.sort();
        paths.reverse();
        Ok(paths)
    }

    fn load(&self) -> Result<Loaded, StoreError> {
        let path = self.path("checkpoint.json");
        let checkpoint = match File::open(&path) {
            Ok(file) => {
                let reader = BufReader::with_capacity(1 << 20, file);
                Some((path.display().to_string(), Box::new(reader) as Box<dyn io::BufRead + Send>))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&path, "read", error)),
        };
        let path = self.path("journal");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => vec![],
            Err(error) => return Err(failed(&path, "read", error)),
        };
        let journal = vec![Segment { place: path.display().to_string(), bytes }];
        Ok(Loaded { checkpoint, journal })
    }
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed(path, "made", error))
}

fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|error| failed(path, "synced", error))
}

/// What a lock file says; nothing if it is new or was cut short.
fn read_lock(lock: &mut File) -> LockFile {
    let mut text = String::new();
    let read = lock.rewind().and_then(|()| lock.read_to_string(&mut text));
    read.ok().and_then(|_| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn rewrite(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_data()
}

#[async_trait::async_trait]
impl StateStore for LocalStore {
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.blocking(Inner::load).await
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        self.blocking(move |inner| inner.acquire(holder)).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.blocking(move |inner| inner.append(&lease, sequence, &batch)).await
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
        let new = self.0.path("checkpoint.json.new");
        let options = &mut OpenOptions::new();
        let file = open(&new, options.write(true).create(true).truncate(true))?;
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        let written = write(&mut writer)
            .and_then(|()| writer.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all());
        written.map_err(|error| failed(&new, "written", error))?;
        let lease = lease.clone();
        self.blocking(move |inner| inner.replace(&lease, &new, serial)).await
    }

    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.blocking(move |inner| inner.truncate(&lease, bytes)).await
    }

    async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        self.blocking(move |inner| {
            inner.with(&lease, |held| {
                held.lock.unlock().map_err(|error| failed(&inner.path("lock"), "unlocked", error))
            })?;
            *inner.held() = None;
            Ok(())
        })
        .await
    }

    async fn break_lease(&self) -> Result<Option<Holder>, StoreError> {
        self.blocking(|inner| {
            if inner.held().is_some() || !inner.path("lock").exists() {
                return Ok(None);
            }
            // The operating system frees the lock of a dead process; a living one keeps it.
            let lease = inner.acquire(Holder::default())?;
            inner.with(&lease, |_| Ok(()))?;
            *inner.held() = None;
            Ok(None)
        })
        .await
    }

    async fn history(&self) -> Result<Vec<String>, StoreError> {
        let kept = self.blocking(Inner::kept).await?;
        Ok(kept.into_iter().map(|path| path.display().to_string()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_process_is_told_who_is_at_work() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (LocalStore::new(folder.path()), LocalStore::new(folder.path()));
        let holder = Holder { who: "ada on moon".to_owned(), since: 1 };
        let lease = one.acquire(holder).await.unwrap();
        let error = two.acquire(Holder::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "the stack is locked by ada on moon");
        drop(one);
        let next = two.acquire(Holder::default()).await.unwrap();
        assert_eq!(next.epoch, lease.epoch + 1, "death frees the lock");
    }

    #[tokio::test]
    async fn earlier_checkpoints_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::new(folder.path());
        let lease = store.acquire(Holder::default()).await.unwrap();
        for serial in 1..=8_u64 {
            let write = &mut |out: &mut dyn Write| write!(out, "{serial}");
            store.checkpoint(&lease, serial, write).await.unwrap();
        }
        let history = store.history().await.unwrap();
        let read = |path: &String| fs::read_to_string(path).unwrap();
        assert_eq!(history.iter().map(read).collect::<Vec<_>>(), ["7", "6", "5", "4", "3"]);
        assert_eq!(fs::read_to_string(store.checkpoint_path()).unwrap(), "8");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = LocalStore::new(folder.path().join("state"));
        let lease = store.acquire(Holder::default()).await.unwrap();
        store.append(&lease, 0, b"x".to_vec()).await.unwrap();
        store.checkpoint(&lease, 1, &mut |_| Ok(())).await.unwrap();
        for name in ["", "lock", "journal", "checkpoint.json"] {
            let mode = fs::metadata(store.folder().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
