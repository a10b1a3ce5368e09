//! Whether a load balancer can log to a bucket. AWS writes a test file when logs are turned on.

use infra_core::{
    aws::{
        elbv2::LoadBalancerLogsArgs,
        iam::{Effect, PrincipalArgs, StatementArgs},
        s3::{self, SseAlgorithm},
    },
    dsl::ResourceType,
};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, of},
};

const CODE: &str = "InvalidConfigurationRequest";
/// Who writes logs of load balancers: requests and connections, and those of network load
/// balancers.
const WRITERS: [&str; 2] =
    ["logdelivery.elasticloadbalancing.amazonaws.com", "delivery.logs.amazonaws.com"];

/// Refuses a bucket that logs can't be written to. Buckets of others can't be looked at.
pub(super) fn check(
    asked: &Asked<'_>,
    property: &str,
    logs: &LoadBalancerLogsArgs,
) -> Result<(), Refusal> {
    let name = logs.bucket.as_str();
    let Some(bucket) = asked.world.get(s3::Bucket::definition().name, name, asked.scope) else {
        return Ok(());
    };
    let denied = |why: &str| {
        let message = format!("`{property}.bucket`: access denied for bucket {name}: {why}");
        Err(Refusal::invalid(property, CODE, message))
    };
    if bucket.scope.rsplit('/').next() != Some(asked.region()) {
        return denied("it lies in another region than the load balancer");
    }
    let encryption = of(bucket, s3::Bucket::BUCKET_ENCRYPTION);
    let algorithms = encryption.into_iter().flat_map(|encryption| {
        let rules = encryption.server_side_encryption_configuration;
        rules.into_iter().filter_map(|rule| rule.server_side_encryption_by_default)
    });
    if algorithms.into_iter().any(|by| by.sse_algorithm != SseAlgorithm::Aes256) {
        return denied("it is encrypted with KMS; logs need keys of S3 (AES256)");
    }
    let policy = asked.world.get(s3::BucketPolicy::definition().name, name, asked.scope);
    let policy = policy.and_then(|policy| of(policy, s3::BucketPolicy::POLICY_DOCUMENT));
    if policy.is_some_and(|policy| policy.statements.iter().any(lets_write)) {
        return Ok(());
    }
    denied(&format!("its policy does not let {} do s3:PutObject", WRITERS[0]))
}

/// Whether a statement lets logs be written. Accounts are taken for the one that AWS keeps for
/// this in older regions; conditions and resources are not looked at.
fn lets_write(statement: &StatementArgs) -> bool {
    let writer = |principal: &PrincipalArgs| match principal {
        PrincipalArgs::Service(name) => WRITERS.contains(&name.as_str()),
        PrincipalArgs::Aws(_) => true,
        PrincipalArgs::Federated(_) | PrincipalArgs::CanonicalUser(_) => false,
    };
    let puts = |action: &String| match action.strip_suffix('*') {
        Some(start) => "s3:PutObject".starts_with(start),
        None => action == "s3:PutObject",
    };
    statement.effect == Effect::Allow
        && statement.principals.iter().any(writer)
        && statement.actions.iter().any(puts)
}
