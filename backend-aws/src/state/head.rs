//! [`Head`]: the one object that says what counts of all the others.

use infra_core::state::store::Holder;
use serde::{Deserialize, Serialize};

/// The format that this program writes, and the newest that it reads.
pub(super) const FORMAT: u32 = 1;

/// How many earlier checkpoints are kept.
const KEPT: usize = 5;

/// What counts of a stack's objects. It is replaced as a whole, and only by whoever knows what is
/// in it: so it is where one run after the other has its turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
    /// Rises with every lease.
    pub(super) epoch: u64,
    /// Who holds the stack; nobody if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lease: Option<Held>,
    /// The key of the current checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) checkpoint: Option<String>,
    /// The keys of earlier ones that are kept, the newest first.
    #[serde(default)]
    pub(super) kept: Vec<String>,
    /// The journal since the checkpoint, in order.
    #[serde(default)]
    pub(super) journal: Vec<Piece>,
}

/// Who holds the stack, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) holder: Holder,
    /// In milliseconds since 1970.
    pub(super) expires: u64,
    /// Tells this lease from every other, so that whoever lost an answer knows his own.
    pub(super) token: String,
}

/// A run of the journal: the batches of one epoch, from a sequence number on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Piece {
    pub(super) epoch: u64,
    pub(super) from: u64,
    /// Up to which number, itself not included. Absent: up to the seal, or to the last there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<u64>,
    /// How many bytes of the last batch count; all of them if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u64>,
}

impl Piece {
    /// What an epoch will write from a number on.
    fn open(epoch: u64, from: u64) -> Self {
        Self { epoch, from, until: None, bytes: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.until == Some(self.from)
    }
}

/// A batch of the journal, and how many bytes of it count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) epoch: u64,
    pub(super) sequence: u64,
    pub(super) bytes: u64,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            format: FORMAT,
            epoch: 0,
            lease: None,
            checkpoint: None,
            kept: vec![],
            journal: vec![],
        }
    }
}

impl Head {
    /// The next epoch begins, held by somebody, or by nobody.
    pub(super) fn claimed(mut self, lease: Option<Held>) -> Self {
        self.epoch += 1;
        if lease.is_some() {
            self.journal.push(Piece::open(self.epoch, 0));
        }
        self.lease = lease;
        self
    }

    /// The pieces of earlier epochs whose end is not known.
    pub(super) fn unsealed(&self) -> impl Iterator<Item = &Piece> {
        self.journal.iter().filter(|piece| piece.epoch < self.epoch && piece.until.is_none())
    }

    /// The end of an epoch's last piece is known.
    pub(super) fn close(&mut self, epoch: u64, until: u64) {
        for piece in &mut self.journal {
            if piece.epoch == epoch && piece.until.is_none() {
                piece.until = Some(until);
            }
        }
        self.journal.retain(|piece| !piece.is_empty());
    }

    /// Another checkpoint takes over what the journal had; the journal goes on from a number.
    pub(super) fn checkpoint(&mut self, key: String, next: u64) {
        if let Some(old) = self.checkpoint.replace(key) {
            self.kept.insert(0, old);
            self.kept.truncate(KEPT);
        }
        self.journal = vec![Piece::open(self.epoch, next)];
    }

    /// Of the journal only so many bytes count; it goes on from a number.
    pub(super) fn cut(&mut self, batches: &[Batch], bytes: u64, next: u64) {
        let mut left = bytes;
        let mut pieces: Vec<Piece> = vec![];
        for batch in batches {
            if left == 0 {
                break;
            }
            let taken = batch.bytes.min(left);
            left -= taken;
            let (epoch, end) = (batch.epoch, batch.sequence + 1);
            let counts = (taken < batch.bytes || self.is_cut(batch)).then_some(taken);
            match pieces.last_mut() {
                Some(last)
                    if last.epoch == epoch
                        && last.until == Some(batch.sequence)
                        && last.bytes.is_none() =>
                {
                    (last.until, last.bytes) = (Some(end), counts);
                }
                _ => pieces.push(Piece {
                    epoch,
                    from: batch.sequence,
                    until: Some(end),
                    bytes: counts,
                }),
            }
        }
        pieces.push(Piece::open(self.epoch, next));
        self.journal = pieces;
    }

    /// Whether a batch counts in part already.
    fn is_cut(&self, batch: &Batch) -> bool {
        self.journal.iter().any(|piece| {
            piece.epoch == batch.epoch
                && piece.until == Some(batch.sequence + 1)
                && piece.bytes.is_some()
        })
    }

    /// Whether an object of the journal counts.
    pub(super) fn counts(&self, epoch: u64, sequence: u64) -> bool {
        self.journal.iter().any(|piece| {
            piece.epoch == epoch
                && sequence >= piece.from
                && piece.until.is_none_or(|until| sequence < until)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Option<Held> {
        Some(Held { holder: Holder::default(), expires: 9, token: "t".to_owned() })
    }

    fn batches(epoch: u64, sizes: &[u64]) -> Vec<Batch> {
        let numbered = sizes.iter().enumerate();
        numbered
            .map(|(number, bytes)| Batch { epoch, sequence: number as u64, bytes: *bytes })
            .collect()
    }

    #[test]
    fn a_cut_ends_in_the_middle_of_a_batch_and_another_one_before_it() {
        let mut head = Head::default().claimed(held());
        let mut all = batches(1, &[4, 4, 4]);
        head.cut(&all, 6, 3);
        let first = Piece { epoch: 1, from: 0, until: Some(2), bytes: Some(2) };
        assert_eq!(head.journal, [first.clone(), Piece::open(1, 3)]);
        // What was cut stays cut when nothing more is.
        all[1].bytes = 2;
        all.truncate(2);
        all.push(Batch { epoch: 1, sequence: 3, bytes: 4 });
        head.cut(&all, 10, 4);
        let second = Piece { epoch: 1, from: 3, until: Some(4), bytes: None };
        assert_eq!(head.journal, [first, second, Piece::open(1, 4)]);
        head.cut(&all, 0, 4);
        assert_eq!(head.journal, [Piece::open(1, 4)]);
    }

    #[test]
    fn earlier_checkpoints_are_kept_and_the_journal_begins_anew() {
        let mut head = Head::default().claimed(held());
        for number in 0..=7 {
            head.checkpoint(number.to_string(), number);
        }
        assert_eq!(head.kept, ["6", "5", "4", "3", "2"]);
        assert_eq!(head.journal, [Piece::open(1, 7)]);
        assert!(head.counts(1, 7) && !head.counts(1, 6) && !head.counts(2, 7));
    }

    #[test]
    fn what_an_epoch_never_wrote_is_forgotten() {
        let mut head = Head::default().claimed(held()).claimed(held());
        assert_eq!(head.unsealed().count(), 1);
        head.close(1, 0);
        assert_eq!(head.journal, [Piece::open(2, 0)]);
    }
}
