//! [`S3Store`]: state in a bucket of S3.

use std::{
    io::{Cursor, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use infra_core::state::store::{
    Holder, Lease, Loaded, Segment, StateStore, StoreError, WriteCheckpoint,
};
use tokio::task::AbortHandle;

use super::{
    head::{Batch, Head},
    journal,
    objects::{Objects, Only},
    options::S3Options,
    turn::Turn,
};
use crate::aws::{AwsOptions, Factory};

/// Where all checkpoints are.
const CHECKPOINTS: &str = "checkpoints/";

/// A lease is renewed so often before it would end.
const RENEWALS: u32 = 4;

/// How often reading begins anew because somebody wrote meanwhile.
const READS: usize = 5;

/// State in a bucket of S3, shared by everybody who works on the stack.
///
/// | object | is |
/// |---|---|
/// | `head.json` | who holds the stack and until when, and what of the rest counts |
/// | `checkpoints/<serial>-<epoch>-<number>.json` | the state after a run that ended, and earlier ones |
/// | `journal/<epoch>/<number>` | what happened since, an object for each batch |
///
/// Every write has a condition: the head is replaced only while it is the one that was read, and
/// everything else is written once. A task renews the lease while the process lives, since a run
/// can wait for AWS much longer than a lease is good. Whoever takes over after its end seals the
/// journal of the old holder, who can't go on when he wakes.
#[derive(Clone, Debug)]
pub struct S3Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    turn: Arc<Turn>,
    every: Duration,
    renewing: Mutex<Option<AbortHandle>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end_renewing();
    }
}

impl Inner {
    fn end_renewing(&self) {
        let renewing = self.renewing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = renewing {
            task.abort();
        }
    }

    /// Renews the lease again and again. What fails is tried again at the next time: calls end
    /// before the lease does, and writes look whether it is still good.
    fn begin_renewing(&self, epoch: u64) {
        let (turn, every) = (Arc::clone(&self.turn), self.every);
        let task = tokio::spawn(async move {
            loop {
                turn.clock.sleep(every).await;
                if matches!(turn.renew(epoch).await, Err(StoreError::Fenced)) {
                    return;
                }
            }
        });
        self.end_renewing();
        let mut renewing = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        *renewing = Some(task.abort_handle());
    }
}

impl S3Store {
    /// State in S3 as the options say. Nothing is called before something is to be read.
    #[must_use]
    pub fn new(aws: AwsOptions, options: &S3Options) -> Self {
        let prefix = options.prefix.trim_matches('/');
        let objects = Objects {
            factory: Arc::new(Factory::new(aws)),
            bucket: options.bucket.clone(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            kms_key: options.kms_key.clone(),
        };
        let turn = Arc::new(Turn::new(objects, options));
        let every = options.lease / RENEWALS;
        Self(Arc::new(Inner { turn, every, renewing: Mutex::default() }))
    }

    fn turn(&self) -> &Turn {
        &self.0.turn
    }

    fn objects(&self) -> &Objects {
        &self.0.turn.objects
    }

    /// What counts, if nobody changes it meanwhile.
    async fn read(&self, head: &Head) -> Result<(Option<Vec<u8>>, Vec<u8>), StoreError> {
        let checkpoint = match &head.checkpoint {
            Some(key) => {
                let found = self.objects().get(key).await?;
                Some(found.ok_or_else(|| journal::missing(self.objects(), key))?.bytes)
            }
            None => None,
        };
        let batches = journal::load(self.objects(), head).await?;
        Ok((checkpoint, batches.into_iter().flat_map(|(_, bytes)| bytes).collect()))
    }

    /// Deletes what no longer counts: batches that a checkpoint took over, checkpoints that are too
    /// old, and what runs have left that ended before they said that it counts. Seals stay, and so
    /// does what later epochs have written, if there are any by now.
    async fn sweep(&self, head: &Head) -> Result<(), StoreError> {
        let kept = |key: &String| head.checkpoint.as_ref() == Some(key) || head.kept.contains(key);
        let old = |epoch: Option<u64>| epoch.is_some_and(|epoch| epoch <= head.epoch);
        let checkpoints = self.objects().list(CHECKPOINTS).await?;
        let checkpoints = checkpoints.into_iter().map(|object| object.key);
        let checkpoints = checkpoints.filter(|key| old(epoch_of(key)) && !kept(key));
        let batches = self.objects().list(journal::ALL).await?;
        let batches = batches.into_iter().filter(|object| {
            let place = journal::parse(&object.key);
            let counts = place.is_some_and(|(epoch, sequence)| head.counts(epoch, sequence));
            object.bytes > 0 && old(place.map(|(epoch, _)| epoch)) && !counts
        });
        let gone: Vec<String> = checkpoints.chain(batches.map(|object| object.key)).collect();
        self.objects().delete(&gone).await
    }
}

/// The key of a checkpoint. The number is that of the next batch.
fn checkpoint_key(serial: u64, epoch: u64, next: u64) -> String {
    format!("{CHECKPOINTS}{serial:010}-{epoch:010}-{next:010}.json")
}

/// The epoch that wrote a checkpoint, by its key.
fn epoch_of(key: &str) -> Option<u64> {
    key.strip_prefix(CHECKPOINTS)?.split('-').nth(1)?.parse().ok()
}

#[async_trait::async_trait]
impl StateStore for S3Store {
    async fn load(&self) -> Result<Loaded, StoreError> {
        let mut found = self.turn().read().await?;
        for _ in 0..READS {
            let head = found.map(|(head, _)| head).unwrap_or_default();
            let read = self.read(&head).await;
            found = self.turn().read().await?;
            let now = found.as_ref().map(|(head, _)| head);
            let is_same = now.is_none_or(|now| {
                now.checkpoint == head.checkpoint && now.journal.first() == head.journal.first()
            });
            if !is_same {
                // Somebody has written a checkpoint, and deleted what it took over.
                continue;
            }
            let (checkpoint, bytes) = read?;
            let place = |key: &str| self.objects().place(key);
            let checkpoint = head.checkpoint.as_deref().zip(checkpoint).map(|(key, bytes)| {
                (place(key), Box::new(Cursor::new(bytes)) as Box<dyn std::io::BufRead + Send>)
            });
            let journal = vec![Segment { place: place(journal::ALL), bytes }];
            return Ok(Loaded { checkpoint, journal });
        }
        Err(StoreError::Service {
            place: self.objects().place(""),
            what: "read",
            help: Some("somebody writes there again and again: wait until that has ended".into()),
            source: format!("it changed during each of {READS} readings").into(),
        })
    }

    async fn acquire(&self, holder: Holder) -> Result<Lease, StoreError> {
        let epoch = self.turn().take(holder).await?;
        self.0.begin_renewing(epoch);
        Ok(Lease { epoch })
    }

    fn may_call(&self, lease: &Lease) -> bool {
        self.turn().may_call(lease.epoch)
    }

    async fn hold(&self, lease: &Lease) -> Result<(), StoreError> {
        self.turn().renew_for_calls(lease.epoch).await
    }

    async fn append(&self, lease: &Lease, sequence: u64, batch: Vec<u8>) -> Result<(), StoreError> {
        let Lease { epoch } = *lease;
        if self.turn().next(epoch).await? != sequence {
            return Err(StoreError::Fenced);
        }
        let key = journal::key(epoch, sequence);
        if batch.is_empty() {
            let source = "a batch of the journal has something in it; nothing is a seal".into();
            let place = self.objects().place(&key);
            return Err(StoreError::Service { place, what: "written", help: None, source });
        }
        if !self.turn().is_certain(epoch) {
            self.turn().renew(epoch).await?;
        }
        if self.objects().put(&key, &batch, Only::IfAbsent).await?.is_none() {
            return Err(StoreError::Fenced);
        }
        // What was written after the end of the lease counts only if nobody took over by then.
        if !self.turn().is_certain(epoch) {
            self.turn().renew(epoch).await?;
        }
        self.turn().written(epoch).await;
        Ok(())
    }

    async fn checkpoint(
        &self,
        lease: &Lease,
        serial: u64,
        write: &mut WriteCheckpoint<'_>,
    ) -> Result<(), StoreError> {
        let Lease { epoch } = *lease;
        let next = self.turn().next(epoch).await?;
        let key = checkpoint_key(serial, epoch, next);
        let mut bytes = vec![];
        write(&mut bytes as &mut dyn Write).map_err(|source| StoreError::Io {
            place: self.objects().place(&key),
            what: "written",
            source,
        })?;
        if self.objects().put(&key, &bytes, Only::IfAbsent).await?.is_none() {
            return Err(StoreError::Fenced);
        }
        self.turn().change(epoch, |head, next| head.checkpoint(key.clone(), next)).await?;
        self.sweep(&self.turn().head(epoch).await?).await
    }

    async fn truncate(&self, lease: &Lease, bytes: u64) -> Result<(), StoreError> {
        let Lease { epoch } = *lease;
        let head = self.turn().head(epoch).await?;
        let batches = journal::load(self.objects(), &head).await?;
        let batches: Vec<Batch> = batches.into_iter().map(|(batch, _)| batch).collect();
        self.turn().change(epoch, |head, next| head.cut(&batches, bytes, next)).await
    }

    async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        self.turn().give_back(lease.epoch).await?;
        self.0.end_renewing();
        Ok(())
    }

    async fn break_lease(&self) -> Result<Option<Holder>, StoreError> {
        self.turn().take_away().await
    }

    async fn history(&self) -> Result<Vec<String>, StoreError> {
        let kept = self.turn().read().await?.map(|(head, _)| head.kept).unwrap_or_default();
        Ok(kept.iter().map(|key| self.objects().place(key)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_tells_who_wrote_it() {
        assert_eq!(epoch_of(&checkpoint_key(12, 7, 3)), Some(7));
        assert_eq!(epoch_of("checkpoints/somebody-elses.json"), None);
        assert_eq!(journal::parse(&journal::key(7, 3)), Some((7, 3)));
    }
}
