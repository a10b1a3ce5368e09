//! [`Turn`]: the lease of this process, and everything that is done to the head under it.

use std::sync::{
    Arc, Mutex as StdMutex,
    atomic::{AtomicU64, Ordering},
};

use infra_core::{
    clock::Clock,
    state::store::{Holder, StoreError},
};
use tokio::sync::Mutex;

use super::{
    head::{FORMAT, Head, Held},
    objects::{Objects, Only},
    options::{S3Options, millis},
};

/// The key of the head.
pub(super) const HEAD: &str = "head.json";

/// How often the head is looked at again when somebody else was faster.
const ROUNDS: usize = 10;

/// What this process holds.
#[derive(Debug)]
struct Mine {
    token: String,
    head: Head,
    etag: String,
    /// The number of the next batch.
    next: u64,
}

/// The lease of this process. One task at a time changes the head.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) objects: Objects,
    pub(super) clock: Arc<dyn Clock>,
    lease: u64,
    call: u64,
    skew: u64,
    mine: Mutex<Option<Mine>>,
    /// The epoch of the lease and its end, for those who can't wait; zeros if there is none.
    good: StdMutex<(u64, u64)>,
    /// Counts the leases of this process, so that two of them never have one token.
    taken: AtomicU64,
}

impl Turn {
    pub(super) fn new(objects: Objects, options: &S3Options) -> Self {
        Self {
            objects,
            clock: Arc::clone(&options.clock),
            lease: millis(options.lease),
            call: millis(options.call),
            skew: millis(options.skew),
            mine: Mutex::default(),
            good: StdMutex::default(),
            taken: AtomicU64::default(),
        }
    }

    /// The head as it is, and its tag.
    pub(super) async fn read(&self) -> Result<Option<(Head, String)>, StoreError> {
        let Some(found) = self.objects.get(HEAD).await? else { return Ok(None) };
        let damaged = |help: &str, source| StoreError::Service {
            place: self.objects.place(HEAD),
            what: "read",
            help: Some(help.to_owned()),
            source,
        };
        let head: Head = serde_json::from_slice(&found.bytes).map_err(|error| {
            let help = "it was changed by something else; an earlier version of it may be whole, \
                        and checkpoints are beside it in `checkpoints/`";
            damaged(help, error.into())
        })?;
        if head.format > FORMAT {
            let help = "use the version of the program that wrote it, or a newer one";
            let said =
                format!("it has format {}, and this program reads up to {FORMAT}", head.format);
            return Err(damaged(help, said.into()));
        }
        Ok(Some((head, found.etag)))
    }

    /// Puts a head in the place of the one that was read. `None`: somebody else was faster.
    async fn put(&self, head: &Head, old: Option<&str>) -> Result<Option<String>, StoreError> {
        let bytes = serde_json::to_vec(head).expect("numbers and text have a JSON form");
        self.objects.put(HEAD, &bytes, old.map_or(Only::IfAbsent, Only::IfStill)).await
    }

    /// Takes the stack over, if nobody holds it. Returns the epoch.
    pub(super) async fn take(&self, holder: Holder) -> Result<u64, StoreError> {
        for _ in 0..ROUNDS {
            let (head, etag) = self.read().await?.unzip();
            let head = head.unwrap_or_default();
            let now = self.clock.now();
            if let Some(held) = &head.lease
                && now < held.expires.saturating_add(self.call).saturating_add(self.skew)
            {
                return Err(StoreError::Held { holder: held.holder.clone() });
            }
            let (token, expires) = (self.token(), now.saturating_add(self.lease));
            let lease = Held { holder: holder.clone(), expires, token: token.clone() };
            let head = head.claimed(Some(lease));
            let Some(etag) = self.put(&head, etag.as_deref()).await? else { continue };
            let epoch = head.epoch;
            let mut mine = self.mine.lock().await;
            *self.good() = (epoch, expires);
            let taken = mine.insert(Mine { token, head, etag, next: 0 });
            let sealed = self.seal(&mut taken.head).await;
            drop(mine);
            if let Err(error) = sealed {
                // If that fails as well, the lease ends by itself.
                let _ = self.give_back(epoch).await;
                return Err(error);
            }
            return Ok(epoch);
        }
        Err(self.crowded())
    }

    /// Takes the stack away from whoever holds it. Says who it was.
    pub(super) async fn take_away(&self) -> Result<Option<Holder>, StoreError> {
        for _ in 0..ROUNDS {
            let Some((head, etag)) = self.read().await? else { return Ok(None) };
            let Some(held) = head.lease.clone() else { return Ok(None) };
            let mut head = head.claimed(None);
            if self.put(&head, Some(&etag)).await?.is_some() {
                self.seal(&mut head).await?;
                return Ok(Some(held.holder));
            }
        }
        Err(self.crowded())
    }

    fn crowded(&self) -> StoreError {
        StoreError::Service {
            place: self.objects.place(HEAD),
            what: "written",
            help: Some("somebody else changes it at the same time: run the command again".into()),
            source: format!("it was another one at each of {ROUNDS} tries").into(),
        }
    }

    /// No two leases have the same.
    fn token(&self) -> String {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("the system has randomness");
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number}", hex::encode(random))
    }

    /// Ends the journals of earlier epochs: their next batches are there already, with nothing in
    /// them, so that a holder who was frozen and wakes can't write.
    async fn seal(&self, head: &mut Head) -> Result<(), StoreError> {
        let open: Vec<(u64, u64)> =
            head.unsealed().map(|piece| (piece.epoch, piece.from)).collect();
        for (epoch, from) in open {
            let mut sequence = super::journal::end(&self.objects, epoch, from).await?;
            loop {
                let key = super::journal::key(epoch, sequence);
                if self.objects.put(&key, &[], Only::IfAbsent).await?.is_some() {
                    break;
                }
                // The holder was faster once more: that batch counts.
                sequence += 1;
            }
            head.close(epoch, sequence);
        }
        Ok(())
    }

    fn good(&self) -> std::sync::MutexGuard<'_, (u64, u64)> {
        self.good.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether so much is left of the lease.
    fn has_left(&self, epoch: u64, millis: u64) -> bool {
        let (mine, expires) = *self.good();
        mine == epoch && self.clock.now().saturating_add(millis) < expires
    }

    /// Whether a call that begins now is over before the lease is.
    pub(super) fn may_call(&self, epoch: u64) -> bool {
        self.has_left(epoch, self.call)
    }

    /// Whether nobody can have taken over yet.
    pub(super) fn is_certain(&self, epoch: u64) -> bool {
        self.has_left(epoch, 0)
    }

    /// Makes the lease as long again as a new one.
    pub(super) async fn renew(&self, epoch: u64) -> Result<(), StoreError> {
        self.change(epoch, |_, _| {}).await
    }

    /// Makes the lease as long again as a new one, unless that was done while this waited.
    pub(super) async fn renew_for_calls(&self, epoch: u64) -> Result<(), StoreError> {
        if self.may_call(epoch) { Ok(()) } else { self.renew(epoch).await }
    }

    /// Changes the head, and makes the lease as long again as a new one. The change is told the
    /// number of the next batch.
    pub(super) async fn change(
        &self,
        epoch: u64,
        change: impl Fn(&mut Head, u64) + Send,
    ) -> Result<(), StoreError> {
        let mut mine = self.mine.lock().await;
        let held = mine.as_mut().filter(|mine| mine.head.epoch == epoch);
        let held = held.ok_or(StoreError::Fenced)?;
        for _ in 0..ROUNDS {
            let expires = self.clock.now().saturating_add(self.lease);
            let mut head = held.head.clone();
            if let Some(lease) = &mut head.lease {
                lease.expires = expires;
            }
            change(&mut head, held.next);
            if let Some(etag) = self.put(&head, Some(&held.etag)).await? {
                let is_held = head.lease.is_some();
                (held.head, held.etag) = (head, etag);
                *self.good() = if is_held { (epoch, expires) } else { (0, 0) };
                return Ok(());
            }
            // It may be what this process wrote when it lost the answer and gave up.
            match self.read().await? {
                Some((head, etag)) if is_of(&head, &held.token) => held.etag = etag,
                _ => break,
            }
        }
        *mine = None;
        *self.good() = (0, 0);
        Err(StoreError::Fenced)
    }

    /// Gives the stack back.
    pub(super) async fn give_back(&self, epoch: u64) -> Result<(), StoreError> {
        self.change(epoch, |head, next| {
            head.lease = None;
            head.close(epoch, next);
        })
        .await?;
        *self.mine.lock().await = None;
        Ok(())
    }

    /// The number of the next batch of a lease that this process holds.
    pub(super) async fn next(&self, epoch: u64) -> Result<u64, StoreError> {
        let mine = self.mine.lock().await;
        let held = mine.as_ref().filter(|mine| mine.head.epoch == epoch);
        held.map(|mine| mine.next).ok_or(StoreError::Fenced)
    }

    /// A batch was written.
    pub(super) async fn written(&self, epoch: u64) {
        let mut mine = self.mine.lock().await;
        if let Some(mine) = mine.as_mut().filter(|mine| mine.head.epoch == epoch) {
            mine.next += 1;
        }
    }

    /// The head as this process has last written it.
    pub(super) async fn head(&self, epoch: u64) -> Result<Head, StoreError> {
        let mine = self.mine.lock().await;
        let held = mine.as_ref().filter(|mine| mine.head.epoch == epoch);
        held.map(|mine| mine.head.clone()).ok_or(StoreError::Fenced)
    }
}

fn is_of(head: &Head, token: &str) -> bool {
    head.lease.as_ref().is_some_and(|lease| lease.token == token)
}
