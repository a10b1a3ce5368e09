//! What is special about Valkey and Redis, whoever asks: versions, families and names.

use std::fmt;

use infra_core::aws::elasticache::Engine;

use crate::sim::{names::check_single_hyphens, refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// What ElastiCache says of values that it does not take.
pub(super) const INVALID: &str = "InvalidParameterValue";
/// What ElastiCache says of values that do not go together.
pub(super) const COMBINATION: &str = "InvalidParameterCombination";

/// What the names of AWS's own parameter groups begin with.
pub(super) const DEFAULT_GROUP: &str = "default.";
/// What the names of those end with that are for caches of several shards.
pub(super) const CLUSTER_ON: &str = ".cluster.on";
/// The parameter that says whether a cache may have several shards.
pub(super) const CLUSTER_ENABLED: &str = "cluster-enabled";

/// The versions of each engine that can be had, by what their parameters belong to.
const REDIS: [(&str, &[(u32, u32)]); 4] = [
    ("redis4.0", &[(4, 0)]),
    ("redis5.0", &[(5, 0)]),
    ("redis6.x", &[(6, 0), (6, 2)]),
    ("redis7", &[(7, 0), (7, 1)]),
];
const VALKEY: [(&str, &[(u32, u32)]); 3] = [
    ("valkey7", &[(7, 2)]),
    ("valkey8", &[(8, 0), (8, 1), (8, 2)]),
    ("valkey9", &[(9, 0), (9, 1)]),
];

fn table(engine: Engine) -> &'static [(&'static str, &'static [(u32, u32)])] {
    match engine {
        Engine::Redis => &REDIS,
        Engine::Valkey => &VALKEY,
    }
}

/// A version of one engine; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Version {
    /// The first one that can be encrypted without being made anew, and that can become one of
    /// several shards.
    pub(super) const SEVEN: Self = Self { major: 7, minor: 0 };
    /// The first one that tells what its engine does.
    pub(super) const SIX_TWO: Self = Self { major: 6, minor: 2 };
    /// The first one with users and logs.
    pub(super) const SIX: Self = Self { major: 6, minor: 0 };

    /// A version that an engine can be had in.
    pub(super) fn parse(engine: Engine, text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let version = Self { major: major.parse().ok()?, minor: minor.parse().ok()? };
        let known = Self::all(engine).any(|known| known == version);
        (known && version.to_string() == text).then_some(version)
    }

    /// What a cache gets that asks for none.
    pub(super) fn chosen(engine: Engine) -> Self {
        match engine {
            Engine::Redis => Self { major: 7, minor: 1 },
            Engine::Valkey => Self { major: 8, minor: 2 },
        }
    }

    /// All that an engine can be had in.
    pub(super) fn all(engine: Engine) -> impl Iterator<Item = Self> {
        let versions = table(engine).iter().flat_map(|(_, versions)| versions.iter());
        versions.map(|(major, minor)| Self { major: *major, minor: *minor })
    }

    /// The family that parameters of it belong to.
    pub(super) fn family(self, engine: Engine) -> &'static str {
        let mut families = table(engine).iter();
        let own = families.find(|(_, versions)| versions.contains(&(self.major, self.minor)));
        own.map_or("", |(family, _)| family)
    }
}

/// The families of parameters that there are.
pub(super) fn families() -> impl Iterator<Item = &'static str> {
    [Engine::Redis, Engine::Valkey]
        .into_iter()
        .flat_map(|engine| table(engine).iter().map(|(family, _)| *family))
}

/// The family of one of AWS's own groups, and whether it is for several shards.
pub(super) fn family_of_default(name: &str) -> Option<(&'static str, bool)> {
    let rest = name.strip_prefix(DEFAULT_GROUP)?;
    let (family, shards) = match rest.strip_suffix(CLUSTER_ON) {
        Some(family) => (family, true),
        None => (rest, false),
    };
    families().find(|known| *known == family).map(|known| (known, shards))
}

/// Names begin with a letter and have single hyphens.
pub(super) fn check_name(property: &str, name: &str) -> Result<(), Refusal> {
    check_single_hyphens(property, INVALID, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_belong_to_families() {
        let family = |engine, text| Version::parse(engine, text).unwrap().family(engine);
        assert_eq!(family(Engine::Redis, "6.2"), "redis6.x");
        assert_eq!(family(Engine::Valkey, "7.2"), "valkey7");
        for (engine, bad) in [
            (Engine::Redis, "8.0"),
            (Engine::Redis, "6.x"),
            (Engine::Valkey, "8"),
            (Engine::Valkey, "08.0"),
            (Engine::Valkey, "8.0.1"),
        ] {
            assert_eq!(Version::parse(engine, bad), None, "{bad}");
        }
        for engine in [Engine::Redis, Engine::Valkey] {
            assert!(Version::all(engine).any(|version| version == Version::chosen(engine)));
        }
    }

    #[test]
    fn groups_of_aws_are_known_by_their_names() {
        assert_eq!(family_of_default("default.redis6.x.cluster.on"), Some(("redis6.x", true)));
        assert_eq!(family_of_default("default.valkey8"), Some(("valkey8", false)));
        assert_eq!(family_of_default("default.valkey6"), None);
    }
}
