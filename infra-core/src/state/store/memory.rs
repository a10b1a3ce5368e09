//! [`MemoryStore`]: state that lives as long as the process. For tests and dry runs.

use std::{
    io::Cursor,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Holder, Lease, Loaded, Segment, StateStore, StoreError, WriteCheckpoint};

/// State that lives as long as the process. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    checkpoint: Option<Vec<u8>>,
    journal: Vec<u8>,
    epoch: u64,
    next_sequence: u64,
    holder: Option<Holder>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that is kept, as one run of bytes: what a search for secrets looks at.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let kept = self.kept();
        [kept.checkpoint.as_deref().unwrap_or_default(), kept.journal.as_slice()].concat()
    }

    /// Forgets the holder as the death of its process does; its lease stays fenced.
    pub fn holder_died(&self) {
        self.kept().holder = None;
    }

    /// The bytes of the journal.
    #[must_use]
    pub fn journal(&self) -> Vec<u8> {
        self.kept().journal.clone()
    }

    /// Puts other bytes in the place of the journal: what a crash or a foreign hand leaves.
    pub fn set_journal(&self, bytes: Vec<u8>) {
        self.kept().journal = bytes;
    }

    /// Puts other bytes in the place of the checkpoint.
    pub fn set_checkpoint(&self, bytes: Vec<u8>) {
        self.kept().checkpoint = Some(bytes);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn check(&self, lease: &Lease) -> Result<(), StoreError> {
        if lease.epoch == self.epoch { Ok(()) } else { Err(StoreError::Fenced) }
    }
}

#[async_trait::async_trait]
impl StateStore for MemoryStore {
    async fn load(&self) -> Result<Loaded, StoreError> {
        let kept = self.kept();
        let checkpoint = kept.checkpoint.clone().map(|bytes| {
            ("memory".to_owned(), Box::new(Cursor::new(bytes)) as Box<dyn std::io::BufRead + Send>)
        });
        let journal = Segment { place: "memory".to_owned(), bytes: kept.journal.clone() };
        Ok(Loaded { checkpoint, journal: vec![journal] })
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        let mut kept = self.kept();
        if let Some(holder) = &kept.holder {
            return Err(StoreError::Held { holder: holder.clone() });
        }
        kept.holder = Some(holder);
        kept.epoch += 1;
        kept.next_sequence = 0;
        Ok(Lease { epoch: kept.epoch })
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.check(lease)?;
        if sequence != kept.next_sequence {
            return Err(StoreError::Fenced);
        }
        kept.next_sequence += 1;
        kept.journal.extend_from_slice(&batch);
        Ok(())
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        _serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
        self.kept().check(lease)?;
        let mut bytes = vec![];
        write(&mut bytes).map_err(|source| StoreError::Io {
            place: "memory".to_owned(),
            what: "written",
            source,
        })?;
        let mut kept = self.kept();
        kept.check(lease)?;
        kept.checkpoint = Some(bytes);
        kept.journal.clear();
        Ok(())
    }

    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.check(lease)?;
        kept.journal.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(())
    }

    async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.check(&lease)?;
        kept.holder = None;
        Ok(())
    }

    async fn break_lease(&self) -> Result<Option<Holder>, StoreError> {
        let mut kept = self.kept();
        kept.epoch += 1;
        Ok(kept.holder.take())
    }

    async fn history(&self) -> Result<Vec<String>, StoreError> {
        Ok(vec![])
    }
}
