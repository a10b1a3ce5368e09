//! [`AccountLog`]: the simulated account on disk: one record for each mutation.

mod compact;
mod replay;

pub(super) use replay::{Replayed, read_only};

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use infra_core::{
    schema::{TypeDef, Types},
    urn::Urn,
    value::Properties,
};
use serde::{Serialize, ser::SerializeMap};

use super::{
    SimError,
    object::{Life, Object},
};

/// The simulated account on disk. Every mutation is one record, in the order of the answers.
///
/// Records are collected, and handed to the operating system together: at the latest by
/// [`flush`](Self::flush), which comes before anything that may mention them becomes durable. A
/// process that is killed before that takes the calls along with it: to whoever looks later they
/// were never made.
#[derive(Debug, Default)]
pub(super) struct AccountLog {
    file: Option<File>,
    path: PathBuf,
    buffer: Vec<u8>,
    /// How many records there were since the log was opened, and how many of them are durable.
    records: u64,
    durable: u64,
    failed: Option<io::Error>,
}

/// Records that the operating system has, and the disk perhaps not yet.
#[derive(Debug)]
pub(super) struct Unsynced {
    path: PathBuf,
    records: u64,
}

impl Unsynced {
    /// Makes them durable. What is returned is for [`AccountLog::synced`].
    ///
    /// The file is opened anew: whoever waits for a disk does not keep the account locked for those
    /// who come after its owner.
    pub(super) fn sync(self) -> Result<u64, SimError> {
        let file = OpenOptions::new().append(true).open(&self.path);
        let synced = file.and_then(|file| file.sync_data());
        synced.map_err(|source| SimError::Io { path: self.path, source })?;
        Ok(self.records)
    }
}

/// How many bytes of records are collected at most.
const COLLECTED: usize = 128 << 10;

#[derive(Default, Serialize)]
struct Record<'a> {
    t: u64,
    n: u64,
    ty: &'a str,
    id: &'a str,
    scope: &'a str,
    life: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    implicit: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<OwnerRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<Named<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    ready_at: u64,
    #[serde(skip_serializing_if = "is_zero")]
    gone_at: u64,
    #[serde(skip_serializing_if = "is_zero")]
    kept_until: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    moments: Option<&'a BTreeMap<String, u64>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct OwnerRecord<'a> {
    stack: &'a str,
    stable: String,
    intent: &'a str,
    urn: &'a Urn,
}

struct Named<'a>(&'static TypeDef, &'a Properties);

impl Serialize for Named<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (slot, value) in self.1.iter() {
            map.serialize_entry(self.0.prop(slot).name, value)?;
        }
        map.end()
    }
}

impl AccountLog {
    /// Opens the log of an account, alone: two processes would not see each other's changes.
    pub(super) fn open(path: &Path, types: &Types) -> Result<(Self, Replayed), SimError> {
        let failed = |source| SimError::Io { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = loop {
            let file = writable().open(path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => {
                    return Err(SimError::Busy { path: path.to_owned() });
                }
                Err(fs::TryLockError::Error(error)) => return Err(failed(error)),
            }
            if compact::is_current(&file, path).map_err(failed)? {
                break file;
            }
        };
        let replayed = replay::replay(&file, path, types)?;
        let log = Self::appending(file, path);
        Ok((log.compacted(&replayed)?, replayed))
    }

    /// A log that goes on at the end of a file.
    fn appending(file: File, path: &Path) -> Self {
        let mut log = Self::default();
        (log.file, log.path) = (Some(file), path.to_owned());
        log
    }

    /// Writes what became of an object.
    pub(super) fn write(&mut self, now: u64, number: u64, object: &Object) {
        if self.file.is_none() {
            return;
        }
        self.put(&record(now, number, object));
    }

    /// Writes what time it is and how many ids were given away, about nothing.
    fn write_time(&mut self, now: u64, number: u64) {
        self.put(&Record { t: now, n: number, ..Record::default() });
    }

    fn put(&mut self, record: &Record<'_>) {
        let begin = self.buffer.len();
        if let Err(error) = write_line(&mut self.buffer, record) {
            self.buffer.truncate(begin);
            self.failed.get_or_insert(error);
        }
        self.records += 1;
        if self.buffer.len() >= COLLECTED {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let Some(file) = &self.file else { return };
        let written = (&*file).write_all(&self.buffer);
        self.buffer.clear();
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }

    /// Hands every record to the operating system; returns those that are not durable yet.
    pub(super) fn flush(&mut self) -> Result<Option<Unsynced>, SimError> {
        self.hand_over();
        if let Some(source) = self.failed.take() {
            return Err(SimError::Io { path: self.path.clone(), source });
        }
        if self.file.is_none() || self.durable >= self.records {
            return Ok(None);
        }
        Ok(Some(Unsynced { path: self.path.clone(), records: self.records }))
    }

    /// So many records are durable.
    pub(super) fn synced(&mut self, records: u64) {
        self.durable = self.durable.max(records);
    }

    /// Makes everything durable that was written so far.
    pub(super) fn sync(&mut self) -> Result<(), SimError> {
        if let Some(unsynced) = self.flush()? {
            let records = unsynced.sync()?;
            self.synced(records);
        }
        Ok(())
    }
}

fn writable() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Drop for AccountLog {
    fn drop(&mut self) {
        // What can't be written now was promised to nobody.
        self.hand_over();
    }
}

fn record(now: u64, number: u64, object: &Object) -> Record<'_> {
    let gone = object.life == Life::Gone;
    Record {
        t: now,
        n: number,
        ty: object.ty.name,
        id: &object.id,
        scope: &object.scope,
        life: match object.life {
            Life::Live => "live",
            Life::Deleting => "deleting",
            Life::Ended => "ended",
            Life::Gone => "gone",
        },
        implicit: object.implicit,
        owner: object.owner.as_deref().filter(|_| !gone).map(|owner| OwnerRecord {
            stack: &owner.stack,
            stable: owner.stable.to_string(),
            intent: &owner.intent,
            urn: &owner.urn,
        }),
        token: object.token.as_deref().filter(|_| !gone),
        inputs: (!gone || object.kept_until > 0).then_some(Named(object.ty, &object.inputs)),
        outputs: (!gone).then_some(Named(object.ty, &object.outputs)),
        ready_at: object.ready_at,
        gone_at: object.gone_at,
        kept_until: object.kept_until,
        moments: Some(&object.moments).filter(|moments| !moments.is_empty()),
    }
}

/// Writes a line: the sum of what follows, and the record.
fn write_line(out: &mut Vec<u8>, record: &Record<'_>) -> io::Result<()> {
    let begin = out.len();
    out.extend(b"00000000 ");
    serde_json::to_writer(&mut *out, record)?;
    let sum = crc32fast::hash(&out[begin + 9..]);
    write!(&mut out[begin..begin + 8], "{sum:08x}")?;
    out.push(b'\n');
    Ok(())
}
