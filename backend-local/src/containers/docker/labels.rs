//! [`Labels`]: whose a container, a network or a volume is.

use std::collections::HashMap;

/// The key of the label that names the account: what every thing of ours has.
const ACCOUNT: &str = "infra.account";
/// What kind of thing it is for: `rds`, `eni`.
const KIND: &str = "infra.kind";
/// The physical id of the thing that it is for.
const ID: &str = "infra.id";
/// Which part of that it is: `primary`, `data`.
const PART: &str = "infra.part";

/// Whose a thing of Docker is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// The account: what tells the things of one folder from those of another on the same machine.
    pub account: String,
    /// What kind of thing it is for: `rds`, `eni`.
    pub kind: String,
    /// The physical id of the thing that it is for.
    pub id: String,
    /// Which part of that it is: `primary`, `data`; empty if there is one alone.
    pub part: String,
}

impl Owner {
    /// The name that a container, a network or a volume of it has. Names are all of one machine's.
    #[must_use]
    pub fn name(&self) -> String {
        let words = ["infra", &self.account, &self.kind, &self.id, &self.part];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let legal = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        words.join("-").chars().map(legal).collect()
    }
}

/// Labels: of a thing, or what things are looked for by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(pub HashMap<String, String>);

impl Labels {
    /// Those of an owner.
    #[must_use]
    pub fn of(owner: &Owner) -> Self {
        let Owner { account, kind, id, part } = owner;
        let all = [(ACCOUNT, account), (KIND, kind), (ID, id), (PART, part)];
        Self(all.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect())
    }

    /// Everything of an account.
    #[must_use]
    pub fn of_account(account: &str) -> Self {
        Self::default().with(ACCOUNT, account)
    }

    /// Everything of an account that is for a kind of thing.
    #[must_use]
    pub fn of_kind(account: &str, kind: &str) -> Self {
        Self::of_account(account).with(KIND, kind)
    }

    /// Everything that is for one thing.
    #[must_use]
    pub fn of_thing(account: &str, kind: &str, id: &str) -> Self {
        Self::of_kind(account, kind).with(ID, id)
    }

    /// With one more.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.0.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Whose they are; `None` if it is nothing of ours.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        let get = |key: &str| self.0.get(key).cloned();
        let (account, kind, id) = (get(ACCOUNT)?, get(KIND)?, get(ID)?);
        Some(Owner { account, kind, id, part: get(PART).unwrap_or_default() })
    }

    /// As Docker is asked for what has them.
    pub(super) fn filters(&self) -> HashMap<String, Vec<String>> {
        let all = self.0.iter().map(|(key, value)| format!("{key}={value}"));
        HashMap::from([("label".to_owned(), all.collect())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_read_from_its_labels() {
        let text = str::to_owned;
        let owner =
            Owner { account: text("a1"), kind: text("rds"), id: text("db/1"), part: text("data") };
        assert_eq!(Labels::of(&owner).owner(), Some(owner.clone()));
        assert_eq!(owner.name(), "infra-a1-rds-db-1-data");
        assert_eq!(Labels::default().owner(), None);
    }
}
