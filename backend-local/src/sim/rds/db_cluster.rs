//! What is special about a cluster: what goes together, and what is left when it goes.

mod deletion;
mod network;
mod origin;
mod performance;
mod version;

use infra_core::{
    aws::{SecretArn, rds},
    dsl::ResourceType,
    schema::TypeDef,
    types::{Minutes, Seconds},
    value::{PropertiesBuilder, Value},
};

use super::aurora::{self, COMBINATION, INVALID};
use crate::sim::{
    World,
    identity::digits,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, choose, of, tell},
    windows::Windows,
    zones::zones,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbCluster];

const CODES: Codes = Codes {
    not_found: "DBClusterNotFoundFault",
    not_ready: "InvalidDBClusterStateFault",
    exists: "DBClusterAlreadyExistsFault",
    in_use: "InvalidDBClusterStateFault",
    quota: "DBClusterQuotaExceededFault",
};
const WINDOWS: Windows<rds::DbCluster> = Windows {
    daily: rds::DbCluster::PREFERRED_BACKUP_WINDOW,
    weekly: rds::DbCluster::PREFERRED_MAINTENANCE_WINDOW,
    least: Minutes(30),
    code: INVALID,
};
const DAY: u64 = 24 * 60 * 60 * 1000;
/// How often storage can be changed to be paid for by size alone.
const STORAGE_PACE: u64 = 30 * DAY;
/// As what that change is remembered.
const TO_IOPT1: &str = "aurora-iopt1";
/// The longest way back: 72 hours.
const BACKTRACK: u32 = 259_200;
const PORT: u16 = 3306;

struct DbCluster;

impl Special for DbCluster {
    fn ty(&self) -> &'static TypeDef {
        rds::DbCluster::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "DB clusters", adjustable.
        Some(40)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("db_cluster_identifier", asked.id)?;
        version::check(asked)?;
        origin::check(asked)?;
        network::check(asked)?;
        check_storage(asked)?;
        check_numbers(asked)?;
        WINDOWS.check(asked)?;
        performance::check(asked)?;
        deletion::check_settled(asked)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        version::tell_chosen(asked, outputs);
        WINDOWS.choose(asked, outputs);
        if asked.old.is_none() {
            tell_new(asked, outputs);
        }
        let slot = rds::DbCluster::MASTER_USER_SECRET_ARN.slot;
        match secret_arn(asked) {
            Some(arn) => tell(outputs, rds::DbCluster::MASTER_USER_SECRET_ARN, arn),
            None => outputs.set(slot, Value::Null),
        }
    }

    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        goes_to_iopt1(asked).then_some(TO_IOPT1)
    }

    fn created(&self, world: &mut World, place: u32) {
        deletion::keep_password(world, place);
    }

    fn changed(&self, world: &mut World, place: u32) {
        deletion::keep_password(world, place);
    }

    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        deletion::check(world, object)
    }

    fn deleted(&self, world: &mut World, place: u32) {
        deletion::leave_behind(world, place);
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

fn goes_to_iopt1(asked: &Asked<'_>) -> bool {
    let wanted = asked.get(rds::DbCluster::STORAGE_TYPE);
    let had = asked.old.and_then(|old| of(old, rds::DbCluster::STORAGE_TYPE));
    asked.old.is_some() && wanted == Some(rds::StorageType::AuroraIopt1) && wanted != had
}

fn check_storage(asked: &Asked<'_>) -> Result<(), Refusal> {
    let encrypted = asked.get(rds::DbCluster::STORAGE_ENCRYPTED).unwrap_or_default();
    if !encrypted && asked.inputs.has(rds::DbCluster::KMS_KEY_ID.slot) {
        let message = "`kms_key_id` has nothing to encrypt: `storage_encrypted` is false";
        return refused("kms_key_id", COMBINATION, message);
    }
    asked.check_key(rds::DbCluster::KMS_KEY_ID, "KMSKeyNotAccessibleFault")?;
    if goes_to_iopt1(asked)
        && let Some(since) = asked.since(TO_IOPT1).filter(|since| *since < STORAGE_PACE)
    {
        let days = (STORAGE_PACE - since).div_ceil(DAY);
        let message = format!(
            "`storage_type` {TO_IOPT1} can be chosen once in 30 days (days left: {days}); back to \
             aurora it goes at any time"
        );
        return refused("storage_type", COMBINATION, message);
    }
    Ok(())
}

fn check_numbers(asked: &Asked<'_>) -> Result<(), Refusal> {
    if let Some(port) = asked.get(rds::DbCluster::PORT)
        && port < 1150
    {
        let message = format!("`port` {port} must be between 1150 and 65535");
        return refused("port", INVALID, message);
    }
    if let Some(days) = asked.get(rds::DbCluster::BACKUP_RETENTION_PERIOD)
        && !(1..=35).contains(&days.0)
    {
        let message = format!("`backup_retention_period` {} must be between 1 and 35 days", days.0);
        return refused("backup_retention_period", INVALID, message);
    }
    let Some(Seconds(back)) = asked.get(rds::DbCluster::BACKTRACK_WINDOW) else { return Ok(()) };
    if back > BACKTRACK {
        let message = format!("`backtrack_window` {back} s must be between 0 and {BACKTRACK} s");
        return refused("backtrack_window", INVALID, message);
    }
    let had = asked.old.and_then(|old| of(old, rds::DbCluster::BACKTRACK_WINDOW));
    if back > 0 && had == Some(Seconds(0)) {
        let message = format!(
            "`backtrack_window` {back} s: the cluster was made without backtrack, and only a new \
             one can have it"
        );
        return refused("backtrack_window", COMBINATION, message);
    }
    Ok(())
}

/// What AWS invents for a new cluster.
fn tell_new(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let (id, region) = (asked.id, asked.region());
    let resource = digits(asked.scope, asked.number, 26).to_uppercase();
    tell(outputs, rds::DbCluster::DB_CLUSTER_RESOURCE_ID, format!("cluster-{resource}"));
    let domain = format!("{}.{region}.rds.amazonaws.com", digits(asked.scope, 0, 12));
    tell(outputs, rds::DbCluster::ENDPOINT, format!("{id}.cluster-{domain}"));
    tell(outputs, rds::DbCluster::READER_ENDPOINT, format!("{id}.cluster-ro-{domain}"));
    let zones = zones(region).map(|(name, _)| name).to_vec();
    tell(outputs, rds::DbCluster::AVAILABILITY_ZONES, zones);
    choose(asked, outputs, rds::DbCluster::PORT, PORT);
    let encrypted = asked.get(rds::DbCluster::STORAGE_ENCRYPTED).unwrap_or_default();
    if encrypted {
        choose(asked, outputs, rds::DbCluster::KMS_KEY_ID, asked.own_key("aws/rds"));
    }
}

/// The secret that AWS keeps the password in. Its name follows from the cluster's, so that it is
/// the same after every update.
fn secret_arn(asked: &Asked<'_>) -> Option<SecretArn> {
    if asked.get(rds::DbCluster::MANAGE_MASTER_USER_PASSWORD) != Some(true) {
        return None;
    }
    let told = asked.old.and_then(|old| of(old, rds::DbCluster::MASTER_USER_SECRET_ARN));
    told.or_else(|| {
        let (region, account) = (asked.region(), asked.account());
        let hex = digits(&format!("{}/{}", asked.scope, asked.id), asked.number, 38);
        let (name, random) = hex.split_at(32);
        let arn =
            format!("arn:aws:secretsmanager:{region}:{account}:secret:rds!cluster-{name}-{random}");
        Some(SecretArn::parse(&arn).expect("it is made in the form of one"))
    })
}
