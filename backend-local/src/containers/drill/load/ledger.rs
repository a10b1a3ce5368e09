//! [`Ledger`]: what the site has acknowledged, to be held against it at the end.

use std::{collections::BTreeMap, time::Duration};

use super::browser::Acknowledged;

/// Something that was acknowledged, and is to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) digest: String,
    /// When that was.
    pub(super) at: Duration,
    /// Whose it is: the number of an account.
    pub(super) account: u32,
}

/// What the site has acknowledged.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) rows: BTreeMap<u64, Kept>,
    pub(super) files: BTreeMap<String, Kept>,
    /// Ids and names that were given a second time: what they stood for first can't be there.
    pub(super) given_twice: Vec<(String, Kept)>,
}

impl Ledger {
    pub(super) fn note(&mut self, it: Acknowledged, at: Duration, account: u32) {
        match it {
            Acknowledged::Row { id, digest } => {
                if let Some(before) = self.rows.insert(id, Kept { digest, at, account }) {
                    self.given_twice.push((id.to_string(), before));
                }
            }
            // The same content may have the same name.
            Acknowledged::File { name, digest } => {
                self.files.insert(name, Kept { digest, at, account });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_given_again_stands_for_a_row_that_was_lost() {
        let mut ledger = Ledger::default();
        let row = |digest: &str| Acknowledged::Row { id: 7, digest: digest.to_owned() };
        ledger.note(row("one"), Duration::from_secs(1), 0);
        assert!(ledger.given_twice.is_empty());
        ledger.note(row("two"), Duration::from_secs(2), 0);
        assert_eq!(ledger.given_twice[0].1.digest, "one");
        assert_eq!(ledger.rows[&7].digest, "two");
    }
}
