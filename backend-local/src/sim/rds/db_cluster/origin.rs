//! What a cluster is made of: nothing, a snapshot, or another cluster as it was; and its first
//! user.

use infra_core::{
    aws::rds::{self, RestoreType},
    dsl::Prop,
    types::PropertyType,
};

use super::refused;
use crate::sim::{
    rds::aurora::{COMBINATION, INVALID},
    refusal::Refusal,
    special::{Asked, of},
};

/// Databases that MySQL has already.
const SYSTEM: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];
/// Users that AWS keeps for itself.
const RESERVED: [&str; 2] = ["rdsadmin", "rdsrepladmin"];

pub(super) fn check(asked: &Asked<'_>) -> Result<(), Refusal> {
    if let Some(user) = asked.get(rds::DbCluster::MASTER_USERNAME) {
        check_name("master_username", &user, 16, &RESERVED)?;
    }
    if let Some(database) = asked.get(rds::DbCluster::DATABASE_NAME) {
        check_name("database_name", &database, 64, &SYSTEM)?;
    }
    check_password(asked)?;
    check_moment(asked)?;
    check_source(asked)
}

/// Names are words of MySQL that are not taken.
fn check_name(property: &str, name: &str, most: usize, taken: &[&str]) -> Result<(), Refusal> {
    let letter = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let allowed = |character: char| character.is_ascii_alphanumeric() || character == '_';
    if !letter || name.len() > most || !name.chars().all(allowed) {
        let message = format!(
            "`{property}` {name:?} must begin with a letter and have up to {most} letters, digits \
             and underscores"
        );
        return refused(property, INVALID, message);
    }
    if taken.iter().any(|taken| name.eq_ignore_ascii_case(taken)) {
        let message = format!("`{property}` {name} is reserved; choose another name");
        return refused(property, INVALID, message);
    }
    Ok(())
}

fn check_password(asked: &Asked<'_>) -> Result<(), Refusal> {
    let managed = asked.get(rds::DbCluster::MANAGE_MASTER_USER_PASSWORD) == Some(true);
    let new = given(asked, rds::DbCluster::MASTER_USERNAME);
    if new && !managed && !given(asked, rds::DbCluster::MASTER_USER_PASSWORD) {
        let message = "`master_user_password` is needed, or `manage_master_user_password` to have \
                       AWS make one up";
        return refused("master_user_password", "MissingParameter", message);
    }
    if !managed && given(asked, rds::DbCluster::MASTER_USER_SECRET_KMS_KEY_ID) {
        let message = "`master_user_secret_kms_key_id` has nothing to encrypt: \
                       `manage_master_user_password` is false";
        return refused("master_user_secret_kms_key_id", COMBINATION, message);
    }
    asked.check_key(rds::DbCluster::MASTER_USER_SECRET_KMS_KEY_ID, "KMSKeyNotAccessibleFault")
}

/// A moment belongs to another cluster, and there is one.
fn check_moment(asked: &Asked<'_>) -> Result<(), Refusal> {
    let latest = asked.get(rds::DbCluster::USE_LATEST_RESTORABLE_TIME) == Some(true);
    let time = asked.get(rds::DbCluster::RESTORE_TO_TIME);
    let parts = [
        ("restore_to_time", time.is_some()),
        ("use_latest_restorable_time", latest),
        ("restore_type", given(asked, rds::DbCluster::RESTORE_TYPE)),
    ];
    if !given(asked, rds::DbCluster::SOURCE_DB_CLUSTER_IDENTIFIER) {
        return match parts.into_iter().find(|(_, given)| *given) {
            Some((name, _)) => {
                let message = format!("`{name}` belongs to `source_db_cluster_identifier`");
                refused(name, COMBINATION, message)
            }
            None => Ok(()),
        };
    }
    if time.is_none() && !latest {
        let message = "`restore_to_time` or `use_latest_restorable_time` is needed with \
                       `source_db_cluster_identifier`";
        return refused("restore_to_time", "MissingParameter", message);
    }
    let shares = asked.get(rds::DbCluster::RESTORE_TYPE) == Some(RestoreType::CopyOnWrite);
    match time {
        Some(_) if shares => {
            let message = "`restore_to_time` does not go with the `restore_type` copy-on-write, \
                           which begins with the latest moment";
            refused("restore_to_time", COMBINATION, message)
        }
        Some(time) if !is_time(&time) => {
            let message = format!("`restore_to_time` {time} must look like 2026-03-14T09:30:00Z");
            refused("restore_to_time", INVALID, message)
        }
        _ => Ok(()),
    }
}

/// What is encrypted stays so.
fn check_source(asked: &Asked<'_>) -> Result<(), Refusal> {
    let source = asked.referenced(rds::DbCluster::SOURCE_DB_CLUSTER_IDENTIFIER);
    let Some(source) = source else { return Ok(()) };
    let encrypted = of(source, rds::DbCluster::STORAGE_ENCRYPTED).unwrap_or_default();
    if encrypted && asked.get(rds::DbCluster::STORAGE_ENCRYPTED) == Some(false) {
        let message =
            format!("`storage_encrypted` can't be false: the data of {} is encrypted", source.id);
        return refused("storage_encrypted", COMBINATION, message);
    }
    Ok(())
}

fn given<R, T: PropertyType>(asked: &Asked<'_>, prop: Prop<R, T>) -> bool {
    asked.inputs.has(prop.slot)
}

/// Whether a text has the form of a moment in UTC.
fn is_time(text: &str) -> bool {
    const FORM: &str = "0000-00-00T00:00:00Z";
    let same = |(byte, form): (u8, u8)| {
        if form == b'0' { byte.is_ascii_digit() } else { byte == form }
    };
    text.len() == FORM.len() && text.bytes().zip(FORM.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_utc() {
        assert!(is_time("2026-03-14T09:30:00Z"));
        for bad in ["2026-03-14", "2026-03-14T09:30:00+01:00", "2026-03-14 09:30:00Z"] {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
