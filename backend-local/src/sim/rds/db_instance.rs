//! What is special about an instance: it fits its cluster, and lies in one of its zones.

use infra_core::{
    aws::{DbParameterGroupName, rds},
    dsl::ResourceType,
    schema::TypeDef,
    types::{Days, Minutes, Seconds},
    value::{PropertiesBuilder, Value},
};

use super::{
    aurora::{self, COMBINATION, DEFAULT_GROUP, INVALID, Version},
    db_subnet_group,
};
use crate::sim::{
    identity::digits,
    network::attached_gateway,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, choose, of, tell},
    windows::{check_length, chosen_week},
    zones,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbInstance];

const CODES: Codes = Codes {
    not_found: "DBInstanceNotFound",
    not_ready: "InvalidDBInstanceState",
    exists: "DBInstanceAlreadyExists",
    in_use: "InvalidDBInstanceState",
    quota: "InstanceQuotaExceeded",
};
/// AWS: one that writes and "Aurora replicas" up to 15; not adjustable.
const PER_CLUSTER: usize = 16;
/// The class of instances that grow and shrink.
const SERVERLESS: &str = "db.serverless";
const INTERVALS: [u32; 7] = [0, 1, 5, 10, 15, 30, 60];
const AUTHORITIES: [&str; 3] = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"];
const LEAST: Minutes = Minutes(30);

struct DbInstance;

impl Special for DbInstance {
    fn ty(&self) -> &'static TypeDef {
        rds::DbInstance::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "DB instances", adjustable.
        Some(40)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("db_instance_identifier", asked.id)?;
        let cluster = asked.referenced(rds::DbInstance::DB_CLUSTER_IDENTIFIER);
        check_class(asked, cluster)?;
        if let Some(cluster) = cluster {
            check_siblings(asked, cluster)?;
            check_zone(asked, cluster)?;
            check_public(asked, cluster)?;
            check_parameters(asked, cluster)?;
        }
        let window = asked.get(rds::DbInstance::PREFERRED_MAINTENANCE_WINDOW);
        if let Some(window) = window {
            let length = (window.length(), LEAST);
            check_length("preferred_maintenance_window", window, length, INVALID)?;
        }
        check_monitoring(asked)?;
        check_insights(asked)?;
        check_authority(asked)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let (id, region) = (asked.id, asked.region());
        let resource = digits(asked.scope, asked.number, 26).to_uppercase();
        tell(outputs, rds::DbInstance::DBI_RESOURCE_ID, format!("db-{resource}"));
        let host = format!("{id}.{}.{region}.rds.amazonaws.com", digits(asked.scope, 0, 12));
        tell(outputs, rds::DbInstance::ENDPOINT, host);
        choose(
            asked,
            outputs,
            rds::DbInstance::CA_CERTIFICATE_IDENTIFIER,
            AUTHORITIES[0].to_owned(),
        );
        let window = chosen_week(asked, LEAST);
        choose(asked, outputs, rds::DbInstance::PREFERRED_MAINTENANCE_WINDOW, window);
        if let Some(cluster) = asked.referenced(rds::DbInstance::DB_CLUSTER_IDENTIFIER) {
            tell_inherited(asked, cluster, outputs);
        }
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// The instances of the same cluster, without the one that is asked about.
fn siblings<'a>(asked: &Asked<'a>, cluster: &Object) -> Vec<&'a Object> {
    let all = asked.world.all(asked.ty.name, asked.scope);
    let same = |other: &&Object| other.text("db_cluster_identifier") == &*cluster.id;
    all.filter(same).filter(|other| *other.id != *asked.id).collect()
}

/// Aurora runs on classes with much memory, on small ones that save up time, and on none at all.
fn check_class(asked: &Asked<'_>, cluster: Option<&Object>) -> Result<(), Refusal> {
    let Some(class) = asked.get(rds::DbInstance::DB_INSTANCE_CLASS) else { return Ok(()) };
    if class == SERVERLESS {
        let scaling = rds::DbCluster::SERVERLESS_V2_SCALING_CONFIGURATION;
        let scales = cluster.is_none_or(|cluster| of(cluster, scaling).is_some());
        let message = format!(
            "`db_instance_class` {class} needs `serverless_v2_scaling_configuration` of the cluster"
        );
        return if scales { Ok(()) } else { refused("db_instance_class", COMBINATION, message) };
    }
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let parts: Vec<&str> = class.split('.').collect();
    let fits = matches!(parts[..], ["db", family, size]
        if plain(family) && plain(size) && family.starts_with(['r', 't', 'x']));
    if fits {
        return Ok(());
    }
    let message = format!(
        "`db_instance_class` {class} is none that Aurora runs on; they look like db.r7g.large, \
         db.t4g.medium or {SERVERLESS}"
    );
    refused("db_instance_class", INVALID, message)
}

fn check_siblings(asked: &Asked<'_>, cluster: &Object) -> Result<(), Refusal> {
    let engine = asked.get(rds::DbInstance::ENGINE);
    if engine != of(cluster, rds::DbCluster::ENGINE) {
        let message = format!("`engine` must be that of the cluster {}", cluster.id);
        return refused("engine", COMBINATION, message);
    }
    if let Some(tier) = asked.get(rds::DbInstance::PROMOTION_TIER).filter(|tier| *tier > 15) {
        let message = format!("`promotion_tier` {tier} must be between 0 and 15");
        return refused("promotion_tier", INVALID, message);
    }
    if asked.old.is_none() && siblings(asked, cluster).len() >= PER_CLUSTER {
        return Err(Refusal::quota("instances of a cluster", PER_CLUSTER));
    }
    Ok(())
}

/// The subnet group of a cluster.
fn subnets<'a>(asked: &Asked<'a>, cluster: &Object) -> Option<&'a Object> {
    let name = cluster.text("db_subnet_group_name");
    asked.world.get(rds::DbSubnetGroup::definition().name, name, asked.scope)
}

/// The zone exists, and a subnet of the cluster lies in it.
fn check_zone(asked: &Asked<'_>, cluster: &Object) -> Result<(), Refusal> {
    let Some(zone) = asked.inputs.get(rds::DbInstance::AVAILABILITY_ZONE.slot).as_str() else {
        return Ok(());
    };
    zones::check_zone("availability_zone", INVALID, asked.region(), zone)?;
    let Some(group) = subnets(asked, cluster) else { return Ok(()) };
    let covered = db_subnet_group::zones(asked.world, group);
    if covered.contains(zone) {
        return Ok(());
    }
    let covered: Vec<&str> = covered.into_iter().collect();
    let message = format!(
        "`availability_zone` {zone} is none of the subnet group {}, which covers {}",
        group.id,
        covered.join(", ")
    );
    refused("availability_zone", "InvalidVPCNetworkStateFault", message)
}

fn check_public(asked: &Asked<'_>, cluster: &Object) -> Result<(), Refusal> {
    if asked.get(rds::DbInstance::PUBLICLY_ACCESSIBLE) != Some(true) {
        return Ok(());
    }
    let vpc = subnets(asked, cluster).map_or("", |group| group.text("vpc_id"));
    if attached_gateway(asked.world, asked.scope, vpc).is_some() {
        return Ok(());
    }
    let message = format!("`publicly_accessible`: {vpc} has no internet gateway attached");
    refused("publicly_accessible", "InvalidVPCNetworkStateFault", message)
}

/// The family of a cluster's version.
fn family(cluster: &Object) -> Option<String> {
    let version = of(cluster, rds::DbCluster::ENGINE_VERSION)?;
    Version::parse(&version).map(|version| version.family())
}

/// Parameters are of the family of the cluster's version.
fn check_parameters(asked: &Asked<'_>, cluster: &Object) -> Result<(), Refusal> {
    const PROPERTY: &str = "db_parameter_group_name";
    let name = asked.inputs.get(rds::DbInstance::DB_PARAMETER_GROUP_NAME.slot).as_str();
    let (Some(name), Some(wanted)) = (name, family(cluster)) else { return Ok(()) };
    let group = asked.referenced(rds::DbInstance::DB_PARAMETER_GROUP_NAME);
    let theirs =
        group.map_or_else(|| name.strip_prefix(DEFAULT_GROUP), |group| Some(group.text("family")));
    match theirs.filter(|theirs| *theirs != wanted) {
        Some(theirs) => {
            let message = format!(
                "`{PROPERTY}` {name} is of the family {theirs}; the cluster's version needs {wanted}"
            );
            refused(PROPERTY, COMBINATION, message)
        }
        None => Ok(()),
    }
}

fn check_monitoring(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Seconds(interval) = asked.get(rds::DbInstance::MONITORING_INTERVAL).unwrap_or(Seconds(0));
    if !INTERVALS.contains(&interval) {
        let message =
            format!("`monitoring_interval` {interval} s must be 0, 1, 5, 10, 15, 30 or 60 s");
        return refused("monitoring_interval", INVALID, message);
    }
    let role = asked.inputs.has(rds::DbInstance::MONITORING_ROLE_ARN.slot);
    let message = match (interval, role) {
        (0, true) => "`monitoring_role_arn` sends nothing: `monitoring_interval` is 0",
        (1.., false) => "`monitoring_role_arn` is needed where `monitoring_interval` is not 0",
        _ => return Ok(()),
    };
    refused("monitoring_role_arn", COMBINATION, message)
}

fn check_insights(asked: &Asked<'_>) -> Result<(), Refusal> {
    let own = asked.inputs.get(rds::DbInstance::PERFORMANCE_INSIGHTS_RETENTION_PERIOD.slot);
    if let Some(days) = own.as_int().and_then(|days| u32::try_from(days).ok()) {
        check_retention(Days(days))?;
    }
    let key = rds::DbInstance::PERFORMANCE_INSIGHTS_KMS_KEY_ID;
    let enabled = asked.inputs.get(rds::DbInstance::ENABLE_PERFORMANCE_INSIGHTS.slot);
    if asked.inputs.has(key.slot) && *enabled == Value::Bool(false) {
        let message = "`performance_insights_kms_key_id` has nothing to encrypt: \
                       `enable_performance_insights` is false";
        return refused("performance_insights_kms_key_id", COMBINATION, message);
    }
    asked.check_key(key, "KMSKeyNotAccessibleFault")
}

fn check_retention(days: Days) -> Result<(), Refusal> {
    aurora::check_retention("performance_insights_retention_period", days)
}

fn check_authority(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(authority) = asked.get(rds::DbInstance::CA_CERTIFICATE_IDENTIFIER) else {
        return Ok(());
    };
    if AUTHORITIES.contains(&authority.as_str()) {
        return Ok(());
    }
    let message = format!(
        "`ca_certificate_identifier` {authority} does not exist; there are {}",
        AUTHORITIES.join(", ")
    );
    refused("ca_certificate_identifier", "CertificateNotFound", message)
}

/// What AWS takes from the cluster where the program says nothing.
fn tell_inherited(asked: &Asked<'_>, cluster: &Object, outputs: &mut PropertiesBuilder) {
    let enabled = of(cluster, rds::DbCluster::PERFORMANCE_INSIGHTS_ENABLED).unwrap_or_default();
    choose(asked, outputs, rds::DbInstance::ENABLE_PERFORMANCE_INSIGHTS, enabled);
    if asked.get(rds::DbInstance::ENABLE_PERFORMANCE_INSIGHTS).unwrap_or(enabled) {
        let key = of(cluster, rds::DbCluster::PERFORMANCE_INSIGHTS_KMS_KEY_ID);
        let key = key.unwrap_or_else(|| asked.own_key("aws/rds"));
        choose(asked, outputs, rds::DbInstance::PERFORMANCE_INSIGHTS_KMS_KEY_ID, key);
        let kept = of(cluster, rds::DbCluster::PERFORMANCE_INSIGHTS_RETENTION_PERIOD);
        let kept = kept.unwrap_or(Days(7));
        choose(asked, outputs, rds::DbInstance::PERFORMANCE_INSIGHTS_RETENTION_PERIOD, kept);
    }
    let group = family(cluster).map(|family| format!("{DEFAULT_GROUP}{family}"));
    if let Some(group) = group.and_then(|group| DbParameterGroupName::parse(&group).ok()) {
        choose(asked, outputs, rds::DbInstance::DB_PARAMETER_GROUP_NAME, group);
    }
    if let Some(zone) = free_zone(asked, cluster) {
        choose(asked, outputs, rds::DbInstance::AVAILABILITY_ZONE, zone);
    }
}

/// The zone of the cluster with the fewest of its instances.
fn free_zone(asked: &Asked<'_>, cluster: &Object) -> Option<String> {
    let taken = siblings(asked, cluster);
    let covered = db_subnet_group::zones(asked.world, subnets(asked, cluster)?);
    let there =
        |zone: &str| taken.iter().filter(|other| other.text("availability_zone") == zone).count();
    covered.into_iter().min_by_key(|zone| there(zone)).map(str::to_owned)
}
