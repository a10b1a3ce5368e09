//! What is special about a parameter group of caches: its family, and what can be a parameter.

use std::collections::BTreeMap;

use infra_core::{aws::elasticache, dsl::ResourceType, schema::TypeDef};

use super::engine::{self, CLUSTER_ENABLED, INVALID};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ParameterGroup];

const CODES: Codes = Codes {
    not_found: "CacheParameterGroupNotFound",
    not_ready: "InvalidCacheParameterGroupState",
    exists: "CacheParameterGroupAlreadyExists",
    in_use: "InvalidCacheParameterGroupState",
    quota: "CacheParameterGroupQuotaExceeded",
};

const EVICTION: &[&str] = &[
    "volatile-lru",
    "allkeys-lru",
    "volatile-lfu",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
];
const YES_NO: &[&str] = &["yes", "no"];
/// Parameters whose values are words. Of the others AWS knows more than is written here.
const WORDS: [(&str, &[&str]); 6] = [
    ("activedefrag", YES_NO),
    ("activerehashing", YES_NO),
    (CLUSTER_ENABLED, YES_NO),
    ("lazyfree-lazy-eviction", YES_NO),
    ("lazyfree-lazy-expire", YES_NO),
    ("maxmemory-policy", EVICTION),
];
/// Parameters that AWS shows and nobody can change, and what says the same.
const FIXED: [(&str, &str); 3] = [
    ("appendonly", "`snapshot_retention_limit` of the replication group keeps copies"),
    ("maxmemory", "`cache_node_type` decides it, and `reserved-memory-percent` what is kept free"),
    ("requirepass", "`auth_token` of the replication group is the password"),
];

struct ParameterGroup;

impl Special for ParameterGroup {
    fn ty(&self) -> &'static TypeDef {
        elasticache::ParameterGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Parameter groups", adjustable.
        Some(300)
    }

    /// `default.valkey8`, `default.valkey8.cluster.on` and the like, which AWS makes for each
    /// family.
    fn is_always_there(&self, id: &str) -> bool {
        engine::family_of_default(id).is_some()
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        engine::check_name("cache_parameter_group_name", asked.id)?;
        if let Some(family) = asked.get(elasticache::ParameterGroup::CACHE_PARAMETER_GROUP_FAMILY)
            && !engine::families().any(|known| known == family)
        {
            let message = format!(
                "`cache_parameter_group_family` {family} does not exist; there are {}",
                engine::families().collect::<Vec<_>>().join(", ")
            );
            return Err(Refusal::invalid("cache_parameter_group_family", INVALID, message));
        }
        let parameters = asked.get(elasticache::ParameterGroup::PARAMETERS).unwrap_or_default();
        parameters.iter().try_for_each(|(name, value)| check_parameter(name, value))?;
        check_cluster_enabled(asked, &parameters)
    }
}

/// The family of a group, and whether it is for several shards.
pub(super) fn kind(group: &Object) -> (&str, bool) {
    let parameters = of(group, elasticache::ParameterGroup::PARAMETERS).unwrap_or_default();
    (group.text("cache_parameter_group_family"), is_for_shards(&parameters))
}

fn is_for_shards(parameters: &BTreeMap<String, String>) -> bool {
    parameters.get(CLUSTER_ENABLED).is_some_and(|value| value == "yes")
}

fn refused(message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid("parameters", INVALID, message))
}

fn check_parameter(name: &str, value: &str) -> Result<(), Refusal> {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    if name.is_empty() || !name.bytes().all(fits) {
        return refused(format!(
            "`parameters` {name:?} is no parameter; they are written like `maxmemory-policy`"
        ));
    }
    if let Some((_, instead)) = FIXED.into_iter().find(|(fixed, _)| *fixed == name) {
        return refused(format!("`parameters.{name}` can't be changed; {instead}"));
    }
    let words = WORDS.into_iter().find(|(known, _)| *known == name).map(|(_, words)| words);
    match words.filter(|words| !words.contains(&value)) {
        Some(words) => {
            let words = words.join(", ");
            refused(format!("`parameters.{name}` {value} must be one of {words}"))
        }
        None => Ok(()),
    }
}

/// What decides about shards is not changed under a cache that uses it.
fn check_cluster_enabled(
    asked: &Asked<'_>,
    parameters: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    if is_for_shards(parameters) == kind(old).1 {
        return Ok(());
    }
    match users(asked.world, old).next() {
        Some(user) => refused(format!(
            "`parameters.{CLUSTER_ENABLED}` can't be changed: {} uses the group; give it another \
             group in place of this one",
            user.id
        )),
        None => Ok(()),
    }
}

/// The caches that use a group.
fn users<'a>(world: &'a World, group: &'a Object) -> impl Iterator<Item = &'a Object> {
    let caches = world.all(elasticache::ReplicationGroup::definition().name, &group.scope);
    caches.filter(|cache| cache.text("cache_parameter_group_name") == &*group.id)
}
