//! The journal in S3: an object for each batch.

use infra_core::state::store::StoreError;

use super::{
    head::{Batch, Head},
    objects::Objects,
};

/// Where all batches are.
pub(super) const ALL: &str = "journal/";

/// The key of a batch. With the zeros before it, the order of names is that of numbers.
pub(super) fn key(epoch: u64, sequence: u64) -> String {
    format!("{}{sequence:010}", folder(epoch))
}

fn folder(epoch: u64) -> String {
    format!("{ALL}{epoch:010}/")
}

/// The epoch and the number of a batch, by its key.
pub(super) fn parse(key: &str) -> Option<(u64, u64)> {
    let (epoch, sequence) = key.strip_prefix(ALL)?.split_once('/')?;
    Some((epoch.parse().ok()?, sequence.parse().ok()?))
}

/// The number behind the last batch of an epoch, from a number on and without a gap. A seal has
/// nothing in it and is none.
pub(super) async fn end(objects: &Objects, epoch: u64, from: u64) -> Result<u64, StoreError> {
    let mut end = from;
    for object in objects.list(&folder(epoch)).await? {
        match parse(&object.key) {
            Some((_, sequence)) if sequence == end && object.bytes > 0 => end += 1,
            _ => {}
        }
    }
    Ok(end)
}

/// The batches that count, in order, each with its bytes.
pub(super) async fn load(
    objects: &Objects,
    head: &Head,
) -> Result<Vec<(Batch, Vec<u8>)>, StoreError> {
    let mut all = vec![];
    for piece in &head.journal {
        let until = match piece.until {
            Some(until) => until,
            None => end(objects, piece.epoch, piece.from).await?,
        };
        for sequence in piece.from..until {
            let key = key(piece.epoch, sequence);
            let Some(object) = objects.get(&key).await? else {
                return Err(missing(objects, &key));
            };
            let mut bytes = object.bytes;
            if let Some(count) = piece.bytes.filter(|_| sequence + 1 == until) {
                bytes.truncate(usize::try_from(count).unwrap_or(usize::MAX));
            }
            let batch = Batch { epoch: piece.epoch, sequence, bytes: bytes.len() as u64 };
            all.push((batch, bytes));
        }
    }
    Ok(all)
}

/// An object that counts is not there.
pub(super) fn missing(objects: &Objects, key: &str) -> StoreError {
    StoreError::Service {
        place: objects.place(key),
        what: "read",
        help: Some(
            "if the bucket keeps versions, take away the mark of its deletion; a rule that deletes \
             objects by age must leave out the prefix of the state"
                .to_owned(),
        ),
        source: "there is no such object, and the state needs it".into(),
    }
}
