//! What calls change of a cache that is there.
//!
//! Each call keeps it busy for minutes, in which it takes no other. The update is tried again then,
//! so that each call is made only if AWS tells something else than is wanted; what AWS does not tell
//! comes last, and once.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{self as sdk, AuthTokenUpdateStrategyType, TransitEncryptionMode};
use infra_core::{
    aws::elasticache::AuthTokenUpdateStrategy,
    handler::{Problem, TypedRequest},
};

use super::{
    Type, describe, groups, int, logs, node,
    nodes::{self, Size},
    some, token, told, users,
};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    resource::changed,
};

const SIZE: &[&str] = &["num_cache_clusters", "num_node_groups", "replicas_per_node_group"];
const TRANSIT: &[&str] = &["transit_encryption_enabled", "transit_encryption_mode"];
const WHO: &[&str] = &["auth_token", "auth_token_update_strategy", "user_group_ids"];
/// What one call changes.
const PLAIN: &[&str] = &[
    "auto_minor_version_upgrade",
    "automatic_failover_enabled",
    "cache_node_type",
    "cache_parameter_group_name",
    "cluster_mode",
    "engine",
    "engine_version",
    "log_delivery_configurations",
    "multi_az_enabled",
    "notification_topic_arn",
    "preferred_maintenance_window",
    "replication_group_description",
    "security_group_ids",
    "snapshot_retention_limit",
    "snapshot_window",
];

pub(super) async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    if ![SIZE, TRANSIT, WHO, PLAIN].into_iter().any(|names| changed(request, names)) {
        return Ok(());
    }
    let id = &*request.id;
    let gone = || Error::refused(Problem::NotFound, "elasticache", "DescribeReplicationGroups", id);
    let group = describe(aws, id).await?.ok_or_else(gone)?;
    let (wanted, has) = (Size::wanted(&request.args), Size::told(&group));
    let resized = changed(request, SIZE);
    // A replica that takes over is there before that is asked for, and goes after.
    if resized && wanted.each > has.each {
        nodes::increase(aws, request, &group).await?;
    }
    if resized && wanted.shards != has.shards {
        nodes::reshard(aws, request, &group).await?;
    }
    let differs = differing(aws, request, &group).await?;
    if PLAIN.iter().any(|name| differs.contains(name)) {
        modify(aws, request, &group, |name| differs.contains(name)).await?;
    }
    if resized && wanted.each < has.each {
        nodes::decrease(aws, request).await?;
    }
    if changed(request, TRANSIT) {
        change_transit(aws, request, &group).await?;
    }
    if changed(request, WHO) {
        change_who(aws, request, &group).await?;
    }
    Ok(())
}

/// What is to change and is not yet as it is wanted.
async fn differing(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Answer<BTreeSet<&'static str>> {
    let node = node(aws, group).await?;
    let told = told::seen(group, node.as_ref(), request).into_properties(request.ty);
    let changed = request.changed.iter();
    let differs = changed.filter(|slot| told.get(**slot) != request.inputs.get(**slot));
    Ok(differs.map(|slot| request.ty.prop(*slot).name).collect())
}

/// Where logs go; those that go nowhere any more are named as well.
fn delivered(
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Vec<sdk::LogDeliveryConfigurationRequest> {
    let mut all = logs(&request.args);
    for log in group.log_delivery_configurations() {
        if !all.iter().any(|wanted| wanted.log_type() == log.log_type()) {
            let ends = sdk::LogDeliveryConfigurationRequest::builder();
            all.push(ends.set_log_type(log.log_type().cloned()).enabled(false).build());
        }
    }
    all
}

async fn modify(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
    is: impl Fn(&str) -> bool,
) -> Answer<()> {
    let args = &request.args;
    let description = args.replication_group_description.clone();
    let parameters = args.cache_parameter_group_name.as_ref().map(ToString::to_string);
    let work = args.preferred_maintenance_window.map(|window| window.to_string());
    let daily = args.snapshot_window.map(|window| window.to_string());
    let topic = args.notification_topic_arn.as_ref().map(ToString::to_string);
    let hears = if topic.is_some() { "active" } else { "inactive" };
    let retention = int(args.snapshot_retention_limit.0);
    let failover = args.automatic_failover_enabled;
    let upgrades = args.auto_minor_version_upgrade;
    let engine_changes = is("engine");
    let version = args.engine_version.clone();
    let told_topic = is("notification_topic_arn");
    let told_logs = is("log_delivery_configurations");
    let call = aws.elasticache().modify_replication_group().replication_group_id(&*request.id);
    call.apply_immediately(true)
        .set_replication_group_description(
            is("replication_group_description").then_some(description),
        )
        .set_cache_node_type(is("cache_node_type").then(|| args.cache_node_type.clone()))
        .set_security_group_ids(is("security_group_ids").then(|| groups(args)))
        .set_engine(engine_changes.then(|| args.engine.as_str().to_owned()))
        .set_engine_version(version.filter(|_| engine_changes || is("engine_version")))
        .set_auto_minor_version_upgrade(is("auto_minor_version_upgrade").then_some(upgrades))
        .set_cache_parameter_group_name(parameters.filter(|_| is("cache_parameter_group_name")))
        .set_cluster_mode(is("cluster_mode").then(|| args.cluster_mode.as_str().into()))
        .set_automatic_failover_enabled(is("automatic_failover_enabled").then_some(failover))
        .set_multi_az_enabled(is("multi_az_enabled").then_some(args.multi_az_enabled))
        .set_snapshot_retention_limit(is("snapshot_retention_limit").then_some(retention))
        .set_snapshot_window(daily.filter(|_| is("snapshot_window")))
        .set_preferred_maintenance_window(work.filter(|_| is("preferred_maintenance_window")))
        .set_log_delivery_configurations(told_logs.then(|| delivered(request, group)))
        .set_notification_topic_arn(topic.filter(|_| told_topic))
        .set_notification_topic_status(told_topic.then(|| hears.to_owned()))
        .send()
        .await?;
    Ok(())
}

/// Whether there is encryption, and who must use it: none of it if there is none.
type Transit = Option<TransitEncryptionMode>;

/// The next step from one to the other: encryption comes and goes by way of the mode preferred.
fn next_step(now: &Transit, wanted: &Transit) -> Option<Transit> {
    let preferred = Some(TransitEncryptionMode::Preferred);
    match (now, wanted) {
        (now, wanted) if now == wanted => None,
        (None, Some(_)) => Some(preferred),
        (Some(TransitEncryptionMode::Required), None) => Some(preferred),
        (_, wanted) => Some(wanted.clone()),
    }
}

async fn change_transit(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Answer<()> {
    let args = &request.args;
    let encrypted = group.transit_encryption_enabled() == Some(true);
    let told = group.transit_encryption_mode().cloned();
    let mut now = encrypted.then(|| told.unwrap_or(TransitEncryptionMode::Required));
    let asked = args.transit_encryption_mode.map(|mode| mode.as_str().into());
    let wanted = asked.or_else(|| now.clone()).unwrap_or(TransitEncryptionMode::Required);
    let wanted = args.transit_encryption_enabled.then_some(wanted);
    while let Some(next) = next_step(&now, &wanted) {
        let call = aws.elasticache().modify_replication_group().replication_group_id(&*request.id);
        let turned = (next.is_some() != now.is_some()).then_some(next.is_some());
        call.set_transit_encryption_enabled(turned)
            .set_transit_encryption_mode(next.clone())
            .apply_immediately(true)
            .send()
            .await?;
        now = next;
    }
    Ok(())
}

/// Who gets in: by a token, or as one of the users. One takes the other's place in one call. AWS
/// does not tell the token, so that this comes last: it would be rotated twice.
async fn change_who(
    aws: &Aws,
    request: &TypedRequest<'_, Type>,
    group: &sdk::ReplicationGroup,
) -> Answer<()> {
    let args = &request.args;
    let (had, wanted) = (group.user_group_ids().to_vec(), users(args));
    let new: Vec<String> = wanted.iter().filter(|id| !had.contains(id)).cloned().collect();
    let gone: Vec<String> = had.iter().filter(|id| !wanted.contains(id)).cloned().collect();
    let set = args.auth_token_update_strategy == AuthTokenUpdateStrategy::Set;
    let other_token = changed(request, &["auth_token"]);
    let ends = set && changed(request, &["auth_token_update_strategy"]);
    let token = token(args).filter(|_| other_token || ends);
    let strategy = match &token {
        Some(_) if !had.is_empty() => Some(AuthTokenUpdateStrategyType::Set),
        Some(_) => Some(args.auth_token_update_strategy.as_str().into()),
        None if other_token && group.auth_token_enabled() == Some(true) => {
            Some(AuthTokenUpdateStrategyType::Delete)
        }
        None => None,
    };
    if new.is_empty() && gone.is_empty() && strategy.is_none() {
        return Ok(());
    }
    let all_go = wanted.is_empty() && !had.is_empty();
    let call = aws.elasticache().modify_replication_group().replication_group_id(&*request.id);
    call.set_user_group_ids_to_add(some(new))
        .set_user_group_ids_to_remove(some(gone).filter(|_| !all_go))
        .set_remove_user_groups(all_go.then_some(true))
        .set_auth_token(token)
        .set_auth_token_update_strategy(strategy)
        .apply_immediately(true)
        .send()
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_comes_and_goes_by_way_of_preferred() {
        let [preferred, required] =
            [TransitEncryptionMode::Preferred, TransitEncryptionMode::Required].map(Some);
        assert_eq!(next_step(&None, &required), Some(preferred.clone()));
        assert_eq!(next_step(&preferred, &required), Some(required.clone()));
        assert_eq!(next_step(&required, &None), Some(preferred.clone()));
        assert_eq!(next_step(&preferred, &None), Some(None));
        assert_eq!(next_step(&required, &required), None);
    }
}
