//! Rewriting a log that is many times longer than what it comes to.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{AccountLog, Replayed, writable};
use crate::sim::SimError;

/// A shorter log is never rewritten.
const LONG: usize = 1_000;
/// How many records there are for each thing in a log that is rewritten.
const MANY: usize = 8;

impl Replayed {
    /// Whether the log is many times longer than what it comes to. What this program does not
    /// know can't be written anew, and stays as it is.
    fn is_wordy(&self) -> bool {
        self.records >= LONG && self.records >= MANY * self.objects.len() && !self.has_unknown
    }
}

impl AccountLog {
    /// Rewrites a wordy log with one record for each thing. The new log is durable before it takes
    /// the place of the old one: a crash leaves one or the other, whole.
    ///
    /// Only where an open file can be replaced and recognised, which is not so on Windows.
    pub(super) fn compacted(self, replayed: &Replayed) -> Result<Self, SimError> {
        if cfg!(not(unix)) || !replayed.is_wordy() {
            return Ok(self);
        }
        let aside = aside(&self.path);
        let failed = |source| SimError::Io { path: aside.clone(), source };
        // What a crash has left of an earlier attempt.
        match fs::remove_file(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let file = writable().open(&aside).map_err(failed)?;
        // Whoever opens the new file from its first moment on finds it locked.
        file.try_lock().map_err(|error| failed(error.into()))?;
        let mut fresh = Self::appending(file, &self.path);
        fresh.write_time(replayed.now, replayed.number);
        for object in &replayed.objects {
            fresh.write(replayed.now, replayed.number, object);
        }
        fresh.sync()?;
        fs::rename(&aside, &self.path).map_err(failed)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(fresh)
    }
}

/// Where the new log is written.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

/// Whether a file still stands where it was opened: another process may have put a shorter log in
/// its place before this one had the lock.
#[cfg(unix)]
pub(super) fn is_current(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (this, there) = (file.metadata()?, fs::metadata(path)?);
    Ok((this.dev(), this.ino()) == (there.dev(), there.ino()))
}

/// Whether a file still stands where it was opened: nobody replaces it here.
#[cfg(not(unix))]
pub(super) fn is_current(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
