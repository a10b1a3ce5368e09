//! The parameters of a parameter group that a cache here can have: those that AWS lets people change and
//! that mean something to Redis, all of which it takes while it runs.

use std::collections::BTreeMap;

use super::CacheError;

/// What a parameter can be.
enum Kind {
    /// `yes` or `no`.
    YesNo,
    /// A whole number from one to another.
    Number(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Letters, each of which is one of these, or nothing.
    Letters(&'static str),
}

/// The one parameter that is not told to Redis: which part of the memory holds no data.
const RESERVED: &str = "reserved-memory-percent";

/// What AWS reserves by default.
const RESERVED_PERCENT: u64 = 25;

const POLICIES: &[&str] = &[
    "volatile-lru",
    "allkeys-lru",
    "volatile-lfu",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
];

const KNOWN: &[(&str, Kind)] = &[
    ("activedefrag", Kind::YesNo),
    ("active-expire-effort", Kind::Number(1, 10)),
    ("activerehashing", Kind::YesNo),
    ("hash-max-listpack-entries", Kind::Number(0, i64::MAX)),
    ("hash-max-listpack-value", Kind::Number(0, i64::MAX)),
    ("hll-sparse-max-bytes", Kind::Number(0, i64::MAX)),
    ("latency-tracking", Kind::YesNo),
    ("lazyfree-lazy-eviction", Kind::YesNo),
    ("lazyfree-lazy-expire", Kind::YesNo),
    ("lazyfree-lazy-server-del", Kind::YesNo),
    ("lazyfree-lazy-user-del", Kind::YesNo),
    ("lazyfree-lazy-user-flush", Kind::YesNo),
    ("lfu-decay-time", Kind::Number(0, i32::MAX as i64)),
    ("lfu-log-factor", Kind::Number(0, i32::MAX as i64)),
    ("list-compress-depth", Kind::Number(0, i32::MAX as i64)),
    ("list-max-listpack-size", Kind::Number(-5, i32::MAX as i64)),
    ("maxmemory-policy", Kind::Word(POLICIES)),
    ("maxmemory-samples", Kind::Number(1, 64)),
    ("min-replicas-max-lag", Kind::Number(0, i32::MAX as i64)),
    ("min-replicas-to-write", Kind::Number(0, 5)),
    ("notify-keyspace-events", Kind::Letters("KEg$lshzxetdmnA")),
    (RESERVED, Kind::Number(0, 100)),
    ("set-max-intset-entries", Kind::Number(0, i64::MAX)),
    ("slowlog-log-slower-than", Kind::Number(-1, i64::MAX)),
    ("slowlog-max-len", Kind::Number(0, i64::MAX)),
    ("stream-node-max-bytes", Kind::Number(0, i64::MAX)),
    ("stream-node-max-entries", Kind::Number(0, i64::MAX)),
    ("tcp-keepalive", Kind::Number(0, i32::MAX as i64)),
    ("timeout", Kind::Number(0, i32::MAX as i64)),
    ("tracking-table-max-keys", Kind::Number(0, 100_000_000)),
    ("zset-max-listpack-entries", Kind::Number(0, i64::MAX)),
    ("zset-max-listpack-value", Kind::Number(0, i64::MAX)),
];

/// Whether a cache can have them: every unknown one is named.
pub(super) fn check(parameters: &BTreeMap<String, String>) -> Result<(), CacheError> {
    let known: BTreeMap<&str, &Kind> = KNOWN.iter().map(|(name, kind)| (*name, kind)).collect();
    let unknown: Vec<&str> =
        parameters.keys().map(String::as_str).filter(|name| !known.contains_key(name)).collect();
    if !unknown.is_empty() {
        return Err(CacheError::UnknownParameters { names: unknown.join(", ") });
    }
    for (name, value) in parameters {
        let kind = known[name.as_str()];
        if !kind.takes(value) {
            let (name, value) = (name.clone(), value.clone());
            return Err(CacheError::Parameter { name, value, kind: kind.said() });
        }
    }
    Ok(())
}

/// What Redis is told: with its own defaults where nothing is said, so that what is no longer said goes.
pub(super) fn told(parameters: &BTreeMap<String, String>, memory: u64) -> BTreeMap<String, String> {
    let reserved = parameters.get(RESERVED).and_then(|percent| percent.parse().ok());
    let data = memory / 100 * (100 - reserved.unwrap_or(RESERVED_PERCENT).min(100));
    let mut told = BTreeMap::from([("maxmemory".to_owned(), data.to_string())]);
    told.extend(DEFAULTS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let others = parameters.iter().filter(|(name, _)| *name != RESERVED);
    told.extend(others.map(|(name, value)| (name.clone(), value.clone())));
    told
}

/// The defaults of AWS's family `redis7`.
const DEFAULTS: &[(&str, &str)] = &[
    ("activedefrag", "no"),
    ("active-expire-effort", "1"),
    ("activerehashing", "yes"),
    ("hash-max-listpack-entries", "512"),
    ("hash-max-listpack-value", "64"),
    ("hll-sparse-max-bytes", "3000"),
    ("latency-tracking", "yes"),
    ("lazyfree-lazy-eviction", "no"),
    ("lazyfree-lazy-expire", "no"),
    ("lazyfree-lazy-server-del", "no"),
    ("lazyfree-lazy-user-del", "no"),
    ("lazyfree-lazy-user-flush", "no"),
    ("lfu-decay-time", "1"),
    ("lfu-log-factor", "10"),
    ("list-compress-depth", "0"),
    ("list-max-listpack-size", "-2"),
    ("maxmemory-policy", "volatile-lru"),
    ("maxmemory-samples", "3"),
    ("min-replicas-max-lag", "10"),
    ("min-replicas-to-write", "0"),
    ("notify-keyspace-events", ""),
    ("set-max-intset-entries", "512"),
    ("slowlog-log-slower-than", "10000"),
    ("slowlog-max-len", "128"),
    ("stream-node-max-bytes", "4096"),
    ("stream-node-max-entries", "100"),
    ("tcp-keepalive", "300"),
    ("timeout", "0"),
    ("tracking-table-max-keys", "1000000"),
    ("zset-max-listpack-entries", "128"),
    ("zset-max-listpack-value", "64"),
];

impl Kind {
    fn takes(&self, value: &str) -> bool {
        match self {
            Self::YesNo => matches!(value, "yes" | "no"),
            Self::Number(from, to) => {
                value.parse().is_ok_and(|number| (*from..=*to).contains(&number))
            }
            Self::Word(words) => words.contains(&value),
            Self::Letters(letters) => value.chars().all(|letter| letters.contains(letter)),
        }
    }

    fn said(&self) -> String {
        match self {
            Self::YesNo => "yes or no".to_owned(),
            Self::Number(from, i64::MAX) => format!("a number of {from} at least"),
            Self::Number(from, to) => format!("a number from {from} to {to}"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Letters(letters) => format!("letters of {letters}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn unknown_ones_are_all_named() {
        let error =
            check(&given(&[("maxmemory-policy", "noeviction"), ("appendonly", "yes"), ("x", "")]));
        assert_eq!(
            error.unwrap_err().to_string(),
            "no parameters of caches on this machine: appendonly, x; leave them out here, or look for \
             the spelling"
        );
    }

    #[test]
    fn values_are_of_their_kind() {
        for (name, value, said) in [
            ("timeout", "-1", "a number from 0 to 2147483647"),
            ("activedefrag", "true", "yes or no"),
            ("notify-keyspace-events", "Q", "letters of KEg$lshzxetdmnA"),
            ("slowlog-max-len", "many", "a number of 0 at least"),
        ] {
            let error = check(&given(&[(name, value)])).unwrap_err().to_string();
            assert_eq!(error, format!("the parameter {name} can't be `{value}`: it is {said}"));
        }
        assert!(check(&given(&[("notify-keyspace-events", ""), ("timeout", "20")])).is_ok());
    }

    #[test]
    fn every_default_is_of_a_known_parameter_and_of_its_kind() {
        assert_eq!(DEFAULTS.len(), KNOWN.len() - 1);
        check(&given(DEFAULTS)).unwrap();
    }

    #[test]
    fn reserved_memory_holds_no_data() {
        let of = |pairs: &[(&str, &str)]| told(&given(pairs), 1000)["maxmemory"].clone();
        assert_eq!(
            (of(&[]), of(&[("reserved-memory-percent", "50")])),
            ("750".into(), "500".into())
        );
        assert_eq!(told(&given(&[("timeout", "5")]), 1000)["timeout"], "5");
    }
}
