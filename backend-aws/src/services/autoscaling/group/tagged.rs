//! Tags of a group, and those that its instances get.

use std::collections::BTreeMap;

use aws_sdk_autoscaling::types as sdk;
use infra_core::{
    aws::autoscaling::Group,
    handler::{Request, TypedRequest},
    types::Tags,
};

use crate::{aws::Aws, error::Answer, resource::changed};

fn tag(group: &str, key: &str, value: &str, propagated: bool) -> sdk::Tag {
    sdk::Tag::builder()
        .resource_id(group)
        .resource_type("auto-scaling-group")
        .key(key)
        .value(value)
        .propagate_at_launch(propagated)
        .build()
}

/// All that a group is to have: its own, those of ownership among them, and its instances'.
pub(super) fn all(request: &TypedRequest<'_, Group>) -> Vec<sdk::Tag> {
    let group = request.name().unwrap_or_default();
    let own = request.all_tags().0;
    let own = own.iter().map(|(key, value)| tag(group, key, value, false));
    let propagated = request.args.propagated_tags.0.iter();
    own.chain(propagated.map(|(key, value)| tag(group, key, value, true))).collect()
}

/// Those that AWS tells: the group's own, or its instances'.
pub(super) fn told(group: &sdk::AutoScalingGroup, propagated: bool) -> BTreeMap<String, String> {
    let of_kind = group.tags().iter();
    let of_kind = of_kind.filter(|tag| tag.propagate_at_launch().unwrap_or_default() == propagated);
    let pair = |tag: &sdk::TagDescription| {
        let value = tag.value().unwrap_or_default().to_owned();
        Some((tag.key()?.to_owned(), value)).filter(|(key, _)| !key.starts_with("aws:"))
    };
    of_kind.filter_map(pair).collect()
}

/// The keys that a group had.
fn before(request: &Request) -> impl Iterator<Item = &str> {
    let kinds = [Group::TAGS.slot, Group::PROPAGATED_TAGS.slot];
    let all = kinds.into_iter().flat_map(|slot| request.old_inputs.get(slot).entries());
    all.map(|(key, _)| &**key)
}

pub(super) async fn retag(aws: &Aws, request: &TypedRequest<'_, Group>) -> Answer<()> {
    if !changed(request, &["tags", "propagated_tags"]) {
        return Ok(());
    }
    let all = all(request);
    let is_kept = |key: &str| all.iter().any(|tag| tag.key() == Some(key));
    let gone = before(request).filter(|key| !is_kept(key));
    let gone: Vec<_> = gone.map(|key| tag(&request.id, key, "", false)).collect();
    if !gone.is_empty() {
        aws.autoscaling().delete_tags().set_tags(Some(gone)).send().await?;
    }
    aws.autoscaling().create_or_update_tags().set_tags(Some(all)).send().await?;
    Ok(())
}

/// The tags that its instances get, as a property.
pub(super) fn propagated(group: &sdk::AutoScalingGroup) -> Option<Tags> {
    Some(told(group, true)).filter(|tags| !tags.is_empty()).map(Tags)
}
