//! What every store of state must do.

use std::io::Write;

use crate::state::store::{Holder, Lease, StateStore, StoreError};

/// Holds an empty store against the contract of [`StateStore`], and leaves something in it.
///
/// # Panics
/// If it does not keep the contract.
pub async fn conforms(store: &dyn StateStore) {
    assert_eq!(text(store).await, (String::new(), String::new()));
    let holder = Holder { who: "ada on moon".to_owned(), since: 7 };
    let lease = acquire(store, &holder).await;
    match store.acquire(Holder::default()).await {
        Err(StoreError::Held { holder: found }) => assert_eq!(found, holder),
        twice => panic!("two leases at once: {twice:?}"),
    }
    assert!(store.may_call(&lease), "a new lease is good for calls");
    store.hold(&lease).await.expect("nobody took over");

    journal(store, &lease).await;
    checkpoint(store, &lease, 1, "one").await.expect("the lease is good");
    assert_eq!(text(store).await, ("one".to_owned(), String::new()));
    append(store, &lease, 3, "d").await.expect("the lease is good");
    store.release(lease.clone()).await.expect("the lease is good");

    let next = acquire(store, &Holder::default()).await;
    assert!(next.epoch > lease.epoch);
    fenced(store, &lease, 4).await;
    assert_eq!(text(store).await, ("one".to_owned(), "d".to_owned()));
    append(store, &next, 0, "e").await.expect("the lease is good");
    assert_eq!(text(store).await, ("one".to_owned(), "de".to_owned()));
    checkpoint(store, &next, 2, "two").await.expect("the lease is good");
    assert_eq!(text(store).await, ("two".to_owned(), String::new()));
    store.release(next).await.expect("the lease is good");
    assert_eq!(store.break_lease().await.expect("it can be written"), None, "nobody holds it");
}

/// Batches come one after the other, each once, and can be cut off.
async fn journal(store: &dyn StateStore, lease: &Lease) {
    append(store, lease, 0, "a").await.expect("the lease is good");
    append(store, lease, 1, "b").await.expect("the lease is good");
    let again = append(store, lease, 1, "x").await;
    assert!(matches!(again, Err(StoreError::Fenced)), "create if absent");
    assert_eq!(text(store).await.1, "ab");
    store.truncate(lease, 1).await.expect("the lease is good");
    append(store, lease, 2, "c").await.expect("the lease is good");
    assert_eq!(text(store).await.1, "ac");
}

/// A lease that is no longer good changes nothing.
async fn fenced(store: &dyn StateStore, lease: &Lease, sequence: u64) {
    let late = append(store, lease, sequence, "x").await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
    let late = checkpoint(store, lease, 9, "x").await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
    let late = store.truncate(lease, 0).await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
    let late = store.release(lease.clone()).await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
}

/// What a store holds, as text: the checkpoint, and the journal since.
///
/// # Panics
/// If it can't be read.
pub async fn text(store: &dyn StateStore) -> (String, String) {
    let loaded = store.load().await.expect("it can be read");
    let mut checkpoint = String::new();
    if let Some((_, mut reader)) = loaded.checkpoint {
        reader.read_to_string(&mut checkpoint).expect("it can be read");
    }
    let journal = loaded.journal.iter().flat_map(|segment| segment.bytes.clone());
    (checkpoint, String::from_utf8(journal.collect()).expect("it is text"))
}

async fn acquire(store: &dyn StateStore, holder: &Holder) -> Lease {
    store.acquire(holder.clone()).await.expect("nobody holds it")
}

async fn append(
    store: &dyn StateStore,
    lease: &Lease,
    sequence: u64,
    text: &str,
) -> Result<(), StoreError> {
    store.append(lease, sequence, text.as_bytes().to_vec()).await
}

async fn checkpoint(
    store: &dyn StateStore,
    lease: &Lease,
    serial: u64,
    text: &str,
) -> Result<(), StoreError> {
    let write = &mut |out: &mut dyn Write| out.write_all(text.as_bytes());
    store.checkpoint(lease, serial, write).await
}
