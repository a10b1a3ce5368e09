//! What is special about a vault: its lock, which nobody can change any more after its time, and
//! what every name in AWS Backup may have in it.

use infra_core::{
    aws::backup::{self, VaultLockArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Days,
    value::PropertiesBuilder,
};

use crate::sim::{
    names::is_word,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Vault];

type V = backup::Vault;

/// How AWS Backup calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "InvalidResourceStateException",
    exists: "AlreadyExistsException",
    in_use: "InvalidRequestException",
    quota: "LimitExceededException",
};
/// What AWS Backup says of values that it can't take.
pub(super) const INVALID: &str = "InvalidParameterValueException";
/// The longest that AWS Backup keeps anything, in days.
pub(super) const LONGEST: u32 = 36_500;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// As what changes of the lock are remembered.
const LOCK: &str = "lock";

struct Vault;

impl Special for Vault {
    fn ty(&self) -> &'static TypeDef {
        V::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Backup vaults per Region per account", adjustable.
        Some(300)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.id.len() < 2 {
            let what = format!("{:?} must have 2 characters at least", asked.id);
            return refused("backup_vault_name", what);
        }
        asked.check_key(V::ENCRYPTION_KEY_ARN, INVALID)?;
        if let Some(document) = asked.get(V::ACCESS_POLICY) {
            policy::check(&document, Kind::Resource, "access_policy")
                .map_err(|refusal| refusal.coded(INVALID))?;
        }
        check_not_locked(asked)?;
        asked.get(V::LOCK_CONFIGURATION).map_or(Ok(()), |lock| check_lock(&lock))
    }

    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        let slot = V::LOCK_CONFIGURATION.slot;
        let changed = asked.old?.inputs.get(slot) != asked.inputs.get(slot);
        changed.then_some(LOCK)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if !asked.inputs.has(V::ENCRYPTION_KEY_ARN.slot) {
            tell(outputs, V::ENCRYPTION_KEY_ARN, asked.own_key("aws/backup"));
        }
    }
}

/// After the days for which a lock can be changed nobody changes it or takes it away.
fn check_not_locked(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let slot = V::LOCK_CONFIGURATION.slot;
    let lock = of(old, V::LOCK_CONFIGURATION);
    let days = lock.and_then(|lock| lock.changeable_for_days).map(|Days(days)| days);
    let (Some(days), Some(since)) = (days, asked.since(LOCK)) else { return Ok(()) };
    if old.inputs.get(slot) == asked.inputs.get(slot) || since < u64::from(days) * DAY {
        return Ok(());
    }
    let message = format!(
        "`lock_configuration` could be changed for {days} days, which have passed; now nobody can \
         change it or take it away. Put it back as it was"
    );
    Err(Refusal::invalid("lock_configuration", "InvalidRequestException", message))
}

fn check_lock(lock: &VaultLockArgs) -> Result<(), Refusal> {
    let (Days(least), most) = (lock.min_retention_days, lock.max_retention_days);
    let refused = |field: &str, value: u32, what: String| {
        let property = format!("lock_configuration.{field}");
        let message = format!("`{property}` {value} {what}");
        Err(Refusal::invalid(&property, INVALID, message))
    };
    if !(1..=LONGEST).contains(&least) {
        return refused("min_retention_days", least, format!("must be between 1 and {LONGEST}"));
    }
    if let Some(Days(most)) = most
        && !(least..=LONGEST).contains(&most)
    {
        let what = format!("must be between `min_retention_days`, {least}, and {LONGEST}");
        return refused("max_retention_days", most, what);
    }
    match lock.changeable_for_days {
        Some(Days(days)) if !(3..=LONGEST).contains(&days) => {
            refused("changeable_for_days", days, format!("must be between 3 and {LONGEST}"))
        }
        _ => Ok(()),
    }
}

/// A property has a value that AWS Backup refuses; `what` is the end of the sentence about it.
pub(super) fn refused(property: &str, what: impl std::fmt::Display) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, format!("`{property}` {what}")))
}

/// Names of plans, rules and selections.
pub(super) fn check_name(property: &str, name: &str) -> Result<(), Refusal> {
    check_word(property, name, "-_.")
}

/// Names of what tests restores, which have no hyphens.
pub(super) fn check_test_name(property: &str, name: &str) -> Result<(), Refusal> {
    check_word(property, name, "_")
}

fn check_word(property: &str, name: &str, others: &str) -> Result<(), Refusal> {
    if is_word(name, 50, others) {
        return Ok(());
    }
    let what = format!("{name:?} must have 1 to 50 characters: letters, digits and `{others}`");
    refused(property, what)
}
