//! Versions of a cluster's engine, and the parameters that fit them.

use infra_core::{
    aws::{DbClusterParameterGroupName, rds},
    value::PropertiesBuilder,
};

use super::refused;
use crate::sim::{
    rds::aurora::{CHOSEN_VERSION, COMBINATION, DEFAULT_GROUP, Version},
    refusal::Refusal,
    special::{Asked, of, tell},
};

/// What is asked exists, lies above what there is, and fits the parameters.
pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    let text = asked.get(rds::DbCluster::ENGINE_VERSION);
    let text = text.unwrap_or_else(|| CHOSEN_VERSION.to_owned());
    let Some(version) = Version::parse(&text) else {
        let message = format!(
            "`engine_version` {text} does not exist; whole versions look like \
             8.0.mysql_aurora.3.10.3 or 8.4.mysql_aurora.8.4.7"
        );
        return refused("engine_version", COMBINATION, message);
    };
    check_upgrade(asked, &text, &version)?;
    check_parameters(asked, &version)
}

fn check_upgrade(asked: &Asked<'_>, text: &str, version: &Version) -> Result<(), Refusal> {
    let had = asked.old.and_then(|old| of(old, rds::DbCluster::ENGINE_VERSION));
    let Some((had, old)) = had.and_then(|had| Some((Version::parse(&had)?, had))) else {
        return Ok(());
    };
    if *version < had {
        let message = format!(
            "`engine_version` {text} lies below {old}; versions go up alone, and back by a \
             snapshot from before"
        );
        return refused("engine_version", COMBINATION, message);
    }
    let allowed = asked.get(rds::DbCluster::ALLOW_MAJOR_VERSION_UPGRADE) == Some(true);
    if version.major != had.major && !allowed {
        let message = format!(
            "`engine_version` {text} is of another major version than {old}; \
             `allow_major_version_upgrade` must say that this is meant"
        );
        return refused("engine_version", COMBINATION, message);
    }
    Ok(())
}

fn check_parameters(asked: &Asked<'_>, version: &Version) -> Result<(), Refusal> {
    let slot = rds::DbCluster::DB_CLUSTER_PARAMETER_GROUP_NAME;
    let Some(name) = asked.inputs.get(slot.slot).as_str() else { return Ok(()) };
    let group = asked.referenced(slot).map(|group| group.text("family"));
    let family = group.or_else(|| name.strip_prefix(DEFAULT_GROUP)).unwrap_or_default();
    let wanted = version.family();
    if family == wanted {
        return Ok(());
    }
    let message = format!(
        "`db_cluster_parameter_group_name` {name} is of the family {family}; the cluster's version \
         needs one of {wanted}"
    );
    refused("db_cluster_parameter_group_name", COMBINATION, message)
}

/// The version and the parameters that AWS chooses; parameters change with the major version.
pub(super) fn tell_chosen(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let version = asked.get(rds::DbCluster::ENGINE_VERSION);
    if version.is_none() {
        tell(outputs, rds::DbCluster::ENGINE_VERSION, CHOSEN_VERSION.to_owned());
    }
    let slot = rds::DbCluster::DB_CLUSTER_PARAMETER_GROUP_NAME;
    let version = Version::parse(version.as_deref().unwrap_or(CHOSEN_VERSION));
    if let Some(version) = version.filter(|_| !asked.inputs.has(slot.slot)) {
        let name = format!("{DEFAULT_GROUP}{}", version.family());
        let name = DbClusterParameterGroupName::parse(&name).expect("it is short enough");
        tell(outputs, slot, name);
    }
}
