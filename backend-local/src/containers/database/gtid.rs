//! [`GtidSet`]: which transactions a node has.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// A set of transactions, as MySQL writes it: `UUID:1-5:7,UUID:TAG:1-3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GtidSet {
    /// By source (and tag, after a colon): ranges with both ends, in order, that do not touch.
    ranges: BTreeMap<String, Vec<(u64, u64)>>,
}

/// Why a text is no set of transactions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` is no set of transactions")]
pub struct GtidError {
    /// What is not understood.
    pub part: String,
}

impl GtidSet {
    /// With one more transaction.
    pub fn insert(&mut self, source: &str, number: u64) {
        self.insert_range(source, number, number);
    }

    pub(super) fn insert_range(&mut self, source: &str, first: u64, last: u64) {
        let ranges = self.ranges.entry(source.to_owned()).or_default();
        let (mut first, mut last) = (first, last);
        ranges.retain(|&(from, to)| {
            let apart = to.saturating_add(1) < first || last.saturating_add(1) < from;
            if !apart {
                (first, last) = (first.min(from), last.max(to));
            }
            apart
        });
        let at = ranges.partition_point(|&(from, _)| from < first);
        ranges.insert(at, (first, last));
    }

    /// Whether it has every transaction of another one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.ranges.iter().all(|(source, wanted)| {
            let ours = self.ranges.get(source).map_or(&[][..], Vec::as_slice);
            wanted
                .iter()
                .all(|&(first, last)| ours.iter().any(|&(from, to)| from <= first && last <= to))
        })
    }

    /// Whether it has one transaction.
    #[must_use]
    pub fn has(&self, source: &str, number: u64) -> bool {
        let ranges = self.ranges.get(source).map_or(&[][..], Vec::as_slice);
        ranges.iter().any(|&(first, last)| first <= number && number <= last)
    }

    /// Those of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (source, ranges) in &other.ranges {
            for &(first, last) in ranges {
                all.insert_range(source, first, last);
            }
        }
        all
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.ranges.values().flatten().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

impl FromStr for GtidSet {
    type Err = GtidError;

    fn from_str(text: &str) -> Result<Self, GtidError> {
        let mut set = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = || GtidError { part: part.to_owned() };
            let mut words = part.split(':');
            let uuid = words.next().unwrap_or_default().to_ascii_lowercase();
            let mut source = uuid.clone();
            let mut any = false;
            for word in words {
                if !word.starts_with(|letter: char| letter.is_ascii_digit()) {
                    source = format!("{uuid}:{}", word.to_ascii_lowercase());
                    continue;
                }
                let (first, last) = word.split_once('-').unwrap_or((word, word));
                let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
                let (first, last) = (number(first)?, number(last)?);
                if first == 0 || last < first {
                    return Err(wrong());
                }
                set.insert_range(&source, first, last);
                any = true;
            }
            if uuid.is_empty() || !any {
                return Err(wrong());
            }
        }
        Ok(set)
    }
}

impl fmt::Display for GtidSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (source, ranges)) in self.ranges.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            f.write_str(source)?;
            for (first, last) in ranges {
                if first == last {
                    write!(f, ":{first}")?;
                } else {
                    write!(f, ":{first}-{last}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> GtidSet {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_read_and_written_as_mysql_does() {
        let text = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3:11:47-49,\n\
                    4E11FA47-71CA-11E1-9E33-C80AA9429562:5:tag:1-2";
        assert_eq!(
            set(text).to_string(),
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3:11:47-49,\
             4e11fa47-71ca-11e1-9e33-c80aa9429562:5,4e11fa47-71ca-11e1-9e33-c80aa9429562:tag:1-2"
        );
        assert!(set("").is_empty());
        for wrong in ["a", "a:0", "a:3-2", ":1", "a:1x", "a:b"] {
            assert!(wrong.parse::<GtidSet>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_that_touch_are_one() {
        assert_eq!(set("a:1-2:3:5-6").union(&set("a:4")).to_string(), "a:1-6");
        assert!(set("a:1-6").contains(&set("a:2-3:6")));
        assert!(!set("a:1-6").contains(&set("b:1")));
    }

    fn sets() -> impl Strategy<Value = BTreeSet<(bool, u64)>> {
        prop::collection::btree_set((any::<bool>(), 1_u64..12), 0..16)
    }

    fn made(of: &BTreeSet<(bool, u64)>) -> GtidSet {
        let mut set = GtidSet::default();
        for (source, number) in of {
            set.insert(if *source { "a" } else { "b" }, *number);
        }
        set
    }

    proptest! {
        #[test]
        fn it_is_a_set(one in sets(), other in sets()) {
            let (left, right) = (made(&one), made(&other));
            prop_assert_eq!(left.count(), one.len() as u64);
            prop_assert_eq!(left.contains(&right), one.is_superset(&other));
            prop_assert_eq!(left.union(&right), made(&(&one | &other)));
            prop_assert_eq!(set(&left.to_string()), left);
        }
    }
}
