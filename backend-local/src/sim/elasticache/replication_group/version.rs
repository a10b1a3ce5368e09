//! Versions of a cache's engine, and the parameters that fit them.

use infra_core::{
    aws::{
        CacheParameterGroupName,
        elasticache::{ClusterMode, Engine, ReplicationGroup},
    },
    value::PropertiesBuilder,
};

use super::refused;
use crate::sim::{
    elasticache::{
        engine::{
            CLUSTER_ENABLED, CLUSTER_ON, COMBINATION, DEFAULT_GROUP, INVALID, Version,
            family_of_default,
        },
        parameter_group,
    },
    refusal::Refusal,
    special::{Asked, of, tell},
};

fn engine(asked: &Asked<'_>) -> Engine {
    asked.get(ReplicationGroup::ENGINE).unwrap_or(Engine::Valkey)
}

/// The version as it was asked for; where it was not, the one that AWS chose for this engine
/// before, or chooses now.
fn wanted(asked: &Asked<'_>, engine: Engine) -> String {
    let told = asked.get(ReplicationGroup::ENGINE_VERSION);
    let given = asked.inputs.has(ReplicationGroup::ENGINE_VERSION.slot);
    let fits = |text: &String| given || Version::parse(engine, text).is_some();
    told.filter(fits).unwrap_or_else(|| Version::chosen(engine).to_string())
}

/// What is asked exists, lies above what there is, and fits the parameters.
pub(super) fn check(asked: &Asked<'_>) -> Result<Version, Refusal> {
    let engine = engine(asked);
    let text = wanted(asked, engine);
    let Some(version) = Version::parse(engine, &text) else {
        let known: Vec<String> = Version::all(engine).map(|known| known.to_string()).collect();
        let message = format!(
            "`engine_version` {text} does not exist for {}; there are {}",
            name(engine),
            known.join(", ")
        );
        return Err(Refusal::invalid("engine_version", INVALID, message));
    };
    check_upgrade(asked, engine, version)?;
    check_parameters(asked, version.family(engine))?;
    Ok(version)
}

fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Redis => "redis",
        Engine::Valkey => "valkey",
    }
}

fn check_upgrade(asked: &Asked<'_>, engine: Engine, version: Version) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let had = of(old, ReplicationGroup::ENGINE).unwrap_or(engine);
    if had == Engine::Valkey && engine == Engine::Redis {
        let message = "`engine` goes from redis to valkey alone; only a new cache can be redis";
        return refused("engine", COMBINATION, message);
    }
    let before = of(old, ReplicationGroup::ENGINE_VERSION)
        .and_then(|text: String| Version::parse(had, &text));
    match before.filter(|before| version < *before) {
        Some(before) => {
            let message = format!(
                "`engine_version` {version} lies below {before}; versions go up alone, and back by \
                 a new cache"
            );
            refused("engine_version", COMBINATION, message)
        }
        None => Ok(()),
    }
}

/// Parameters are of the family of the version, and for as many shards as there can be.
fn check_parameters(asked: &Asked<'_>, family: &str) -> Result<(), Refusal> {
    let slot = ReplicationGroup::CACHE_PARAMETER_GROUP_NAME;
    let Some(name) = asked.inputs.get(slot.slot).as_str() else { return Ok(()) };
    let group = asked.referenced(slot).map(parameter_group::kind);
    let (theirs, shards) = group.or_else(|| family_of_default(name)).unwrap_or_default();
    if theirs != family {
        let message = format!(
            "`cache_parameter_group_name` {name} is of the family {theirs}; the cache's version \
             needs one of {family}"
        );
        return refused("cache_parameter_group_name", COMBINATION, message);
    }
    let several = needs_shards(asked);
    if shards == several {
        return Ok(());
    }
    let (mode, value) = if several { ("compatible or enabled", "yes") } else { ("disabled", "no") };
    let message = format!(
        "`cache_parameter_group_name` {name} does not fit the `cluster_mode`: {mode} needs \
         parameters with `{CLUSTER_ENABLED}` {value}"
    );
    refused("cache_parameter_group_name", COMBINATION, message)
}

fn needs_shards(asked: &Asked<'_>) -> bool {
    let mode = asked.get(ReplicationGroup::CLUSTER_MODE);
    matches!(mode, Some(ClusterMode::Compatible | ClusterMode::Enabled))
}

/// The version and the parameters that AWS chooses; parameters change with the version.
pub(super) fn tell_chosen(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let engine = engine(asked);
    let text = wanted(asked, engine);
    if !asked.inputs.has(ReplicationGroup::ENGINE_VERSION.slot) {
        tell(outputs, ReplicationGroup::ENGINE_VERSION, text.clone());
    }
    let slot = ReplicationGroup::CACHE_PARAMETER_GROUP_NAME;
    let version = Version::parse(engine, &text).filter(|_| !asked.inputs.has(slot.slot));
    if let Some(version) = version {
        let on = if needs_shards(asked) { CLUSTER_ON } else { "" };
        let name = format!("{DEFAULT_GROUP}{}{on}", version.family(engine));
        tell(outputs, slot, CacheParameterGroupName::parse(&name).expect("it is short enough"));
    }
}
