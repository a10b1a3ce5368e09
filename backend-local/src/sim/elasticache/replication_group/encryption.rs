//! What of a cache is encrypted, and who may log in.

use infra_core::{
    aws::elasticache::{Engine, ReplicationGroup, TransitEncryptionMode, UserGroup},
    dsl::ResourceType,
    value::{PropertiesBuilder, Value},
};

use super::{OLD_CLASSES, family, given, refused};
use crate::sim::{
    elasticache::{
        engine::{COMBINATION, Version},
        user_group::uses_iam,
    },
    object::Object,
    refusal::Refusal,
    special::{Asked, of, tell},
};

pub(super) fn check(asked: &Asked<'_>, version: Version) -> Result<(), Refusal> {
    check_rest(asked)?;
    check_mode(asked, version)?;
    check_change(asked, version)?;
    check_login(asked, version)
}

fn is_on(asked: &Asked<'_>) -> bool {
    asked.get(ReplicationGroup::TRANSIT_ENCRYPTION_ENABLED) == Some(true)
}

fn check_rest(asked: &Asked<'_>) -> Result<(), Refusal> {
    let encrypted = asked.get(ReplicationGroup::AT_REST_ENCRYPTION_ENABLED) == Some(true);
    let old = family(asked).filter(|family| OLD_CLASSES.contains(&family.as_str()));
    if let Some(old) = old.filter(|_| encrypted || is_on(asked)) {
        let property =
            if encrypted { "at_rest_encryption_enabled" } else { "transit_encryption_enabled" };
        let message = format!("`{property}`: nodes of the class cache.{old} can't encrypt");
        return refused(property, COMBINATION, message);
    }
    if !encrypted && given(asked, ReplicationGroup::KMS_KEY_ID) {
        let message = "`kms_key_id` has nothing to encrypt: `at_rest_encryption_enabled` is false";
        return refused("kms_key_id", COMBINATION, message);
    }
    asked.check_key(ReplicationGroup::KMS_KEY_ID, "InvalidKMSKeyFault")
}

fn check_mode(asked: &Asked<'_>, version: Version) -> Result<(), Refusal> {
    let slot = ReplicationGroup::TRANSIT_ENCRYPTION_MODE;
    let had = asked.old.and_then(|old| of(old, slot));
    let mode = asked.get(slot).filter(|mode| given(asked, slot) && had != Some(*mode));
    if mode.is_some() && !is_on(asked) {
        let message = "`transit_encryption_mode` says how encryption is used, and \
                       `transit_encryption_enabled` is false";
        return refused("transit_encryption_mode", COMBINATION, message);
    }
    if mode == Some(TransitEncryptionMode::Preferred) && version < Version::SEVEN {
        let message = format!(
            "`transit_encryption_mode` preferred needs the version {} at least; this is {version}",
            Version::SEVEN
        );
        return refused("transit_encryption_mode", COMBINATION, message);
    }
    Ok(())
}

/// Clients need time to follow: there is a moment at which both kinds of connections are taken.
fn check_change(asked: &Asked<'_>, version: Version) -> Result<(), Refusal> {
    let Some(old) = asked.old else { return Ok(()) };
    let was_on = of(old, ReplicationGroup::TRANSIT_ENCRYPTION_ENABLED) == Some(true);
    if was_on == is_on(asked) {
        return Ok(());
    }
    let property = "transit_encryption_enabled";
    if version < Version::SEVEN {
        let message = format!(
            "`{property}` can be changed from the version {} on; this is {version}",
            Version::SEVEN
        );
        return refused(property, COMBINATION, message);
    }
    let preferred = Some(TransitEncryptionMode::Preferred);
    let (mode, way) = if was_on {
        (of(old, ReplicationGroup::TRANSIT_ENCRYPTION_MODE), "off")
    } else {
        let given = given(asked, ReplicationGroup::TRANSIT_ENCRYPTION_MODE);
        (asked.get(ReplicationGroup::TRANSIT_ENCRYPTION_MODE).filter(|_| given), "on")
    };
    if mode == preferred {
        return Ok(());
    }
    let message = format!(
        "`{property}` goes {way} by way of the `transit_encryption_mode` preferred, which lets in \
         clients of both kinds until all have followed"
    );
    refused(property, COMBINATION, message)
}

fn check_login(asked: &Asked<'_>, version: Version) -> Result<(), Refusal> {
    let token = given(asked, ReplicationGroup::AUTH_TOKEN);
    let users = asked.get(ReplicationGroup::USER_GROUP_IDS).unwrap_or_default();
    if token && !is_on(asked) {
        let message = "`auth_token` would cross the network in clear: it needs \
                       `transit_encryption_enabled`";
        return refused("auth_token", COMBINATION, message);
    }
    if !users.is_empty() && !is_on(asked) {
        let message = "`user_group_ids` need `transit_encryption_enabled`: passwords would cross \
                       the network in clear";
        return refused("user_group_ids", COMBINATION, message);
    }
    if users.len() > 1 {
        let message = format!("`user_group_ids` names {} groups; one is allowed", users.len());
        return refused("user_group_ids", COMBINATION, message);
    }
    if !users.is_empty() && version < Version::SIX {
        let message = format!("`user_group_ids` need the version {} at least", Version::SIX);
        return refused("user_group_ids", COMBINATION, message);
    }
    for users in &users {
        let ty = UserGroup::definition().name;
        if let Some(group) = asked.world.get(ty, users.as_str(), asked.scope) {
            check_group(asked, version, group)?;
        }
    }
    let had = asked.old.is_some_and(|old| old.inputs.has(ReplicationGroup::AUTH_TOKEN.slot));
    if had && !token && users.is_empty() {
        let message = "`auth_token` can't be taken away and leave the cache open; give \
                       `user_group_ids` in its place, or keep a token";
        return refused("auth_token", COMBINATION, message);
    }
    Ok(())
}

/// A group of Redis serves caches of both engines, one of Valkey its own alone.
fn check_group(asked: &Asked<'_>, version: Version, group: &Object) -> Result<(), Refusal> {
    let engine = asked.get(ReplicationGroup::ENGINE);
    if engine == Some(Engine::Redis) && of(group, UserGroup::ENGINE) == Some(Engine::Valkey) {
        let message = format!("`user_group_ids` {} is of Valkey, and the cache of Redis", group.id);
        return refused("user_group_ids", COMBINATION, message);
    }
    if version < Version::SEVEN && uses_iam(asked.world, group) {
        let message = format!(
            "`user_group_ids` {} has a user of IAM, which needs the version {} at least",
            group.id,
            Version::SEVEN
        );
        return refused("user_group_ids", COMBINATION, message);
    }
    Ok(())
}

/// The mode that AWS chooses where clients can encrypt: that they must.
pub(super) fn tell_mode(asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
    let slot = ReplicationGroup::TRANSIT_ENCRYPTION_MODE;
    if !is_on(asked) {
        outputs.set(slot.slot, Value::Null);
    } else if asked.get(slot).is_none() {
        tell(outputs, slot, TransitEncryptionMode::Required);
    }
}
