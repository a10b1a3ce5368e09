//! Keys that services can use where they are told to.

use super::about_part;
use crate::{
    analysis::{Hosts, Outline},
    aws::{
        ec2::LaunchTemplate,
        elbv2::LoadBalancer,
        kms::{Grant, Key},
        s3::Bucket,
        secretsmanager::Secret,
    },
    graph::{Node, ProgramProblem},
    value::Value,
};

/// The role by which Auto Scaling starts instances.
const SCALING_ROLE: &str = "AWSServiceRoleForAutoScaling";

/// `disk-key-grant`: a group whose disks have a key of the customer's may use it.
pub(super) fn disk_key_grant(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for template in Hosts::all(outline).iter().flat_map(|hosts| hosts.templates(outline)) {
        let prop = LaunchTemplate::LAUNCH_TEMPLATE_DATA;
        let data = template.node.inputs.get(prop.slot);
        let disks = data.field("block_device_mappings").map(Value::items).unwrap_or_default();
        let keys = disks.iter().filter_map(|disk| disk.field("ebs")?.field("kms_key_id"));
        let Some(_) = keys.into_iter().find(|key| !key.is_null() && !granted(outline, key)) else {
            continue;
        };
        let part = "block_device_mappings.ebs.kms_key_id";
        let message =
            format!("is a key that {SCALING_ROLE} may not use: instances would end as they start");
        let problem = about_part(outline, &template, prop, part, message);
        found.push(problem.help(format!("give a grant of the key to {SCALING_ROLE}")));
    }
    found
}

/// Whether a grant or the key's own policy lets Auto Scaling use a key.
fn granted(outline: &Outline<'_>, key: &Value) -> bool {
    let mut grants = outline.all::<Grant>().filter(|grant| {
        let of = grant.node.inputs.get(Grant::KEY_ID.slot);
        of == key || shares_node(of, key)
    });
    grants.any(|grant| names(outline, grant.node))
        || outline.linked::<Key>(key).iter().any(|key| names(outline, key.node))
}

fn shares_node(one: &Value, other: &Value) -> bool {
    let mut nodes = vec![];
    one.refs(&mut |output| nodes.push(output.node));
    let mut shared = false;
    other.refs(&mut |output| shared |= nodes.contains(&output.node));
    shared
}

/// Whether any text of a node names the role of Auto Scaling.
fn names(outline: &Outline<'_>, node: &Node) -> bool {
    let mut named = false;
    for (_, value) in node.inputs.iter() {
        let value = outline.known(value);
        value.leaves(&mut |leaf| {
            named |= leaf.as_str().is_some_and(|text| text.contains(SCALING_ROLE));
        });
        let mut text = |value: &Value| {
            named |= outline.text(value).is_some_and(|text| text.contains(SCALING_ROLE));
        };
        text(&value);
    }
    named
}

/// `log-bucket-key`: balancers write logs to buckets that encrypt with keys of S3 alone.
pub(super) fn log_bucket_key(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for balancer in outline.all::<LoadBalancer>() {
        let logs = [
            LoadBalancer::ACCESS_LOGS,
            LoadBalancer::CONNECTION_LOGS,
            LoadBalancer::HEALTH_CHECK_LOGS,
        ];
        for prop in logs {
            let buckets = outline.links::<_, _, Bucket>(&balancer, prop);
            let encrypted = buckets.iter().find(|bucket| {
                outline.value(bucket, Bucket::BUCKET_ENCRYPTION).to_string().contains("\"aws:kms")
            });
            let Some(bucket) = encrypted else { continue };
            let message = format!(
                "go to `{}`, which encrypts with KMS: balancers can't write there",
                bucket.node.urn.short()
            );
            let problem = outline.program().about(&balancer, prop, message).without_value();
            found.push(problem.help("give the bucket `BucketEncryption::aes256()`"));
        }
    }
    found
}

/// `key-region`: a key lies in the region of what it encrypts, that of a copy in the copy's.
pub(super) fn key_region(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found: Vec<ProgramProblem> =
        outline.program().nodes.iter().flat_map(|node| elsewhere(outline, node)).collect();
    for secret in outline.all::<Secret>() {
        for replica in secret.node.inputs.get(Secret::REPLICA_REGIONS.slot).items() {
            let region = replica.field("region").and_then(Value::as_str);
            let key = replica.field("kms_key_id").and_then(|key| region_of(outline, key));
            let (Some(region), Some(key)) = (region, key) else { continue };
            if *region == *key {
                continue;
            }
            let message = format!("is a key of {key}, and the copy lies in {region}");
            let part = format!("{region}.kms_key_id");
            let problem = about_part(outline, &secret, Secret::REPLICA_REGIONS, &part, message);
            found.push(problem.help(another(region)));
        }
    }
    found
}

fn another(region: &str) -> String {
    format!("name a key of {region}, or leave it out for AWS's own")
}

/// How properties that name a key end.
const KEYS: [&str; 4] = ["kms_key_id", "kms_key_arn", "encryption_key_arn", "kms_master_key_id"];

/// Keys of a resource that lie in another region than it does.
fn elsewhere(outline: &Outline<'_>, node: &Node) -> Vec<ProgramProblem> {
    let program = outline.program();
    let Some(region) = program.provider(node).region.as_deref() else { return vec![] };
    let keys = node
        .inputs
        .iter()
        .filter(|(slot, _)| KEYS.iter().any(|end| node.ty.prop(*slot).name.ends_with(end)));
    let told = keys.filter_map(|(slot, key)| {
        let other = region_of(outline, key).filter(|other| *other != *region)?;
        let message = format!("is a key of {other}, and it encrypts what lies in {region}");
        let problem = program.about_slot(node, slot, message).without_value();
        Some(problem.help(another(region)))
    });
    told.collect()
}

/// The region of a key: as its ARN says, or that of the provider of what it is made by.
fn region_of(outline: &Outline<'_>, key: &Value) -> Option<String> {
    if let Some(text) = key.as_str() {
        return text.split(':').nth(3).filter(|region| !region.is_empty()).map(str::to_owned);
    }
    let program = outline.program();
    let mut node = None;
    key.refs(&mut |output| node = node.or(program.nodes.get(output.node as usize)));
    program.provider(node?).region.as_deref().map(str::to_owned)
}
