//! [`FlowLogs`]: what is written down of who talked to whom.

use infra_core::{
    aws::{
        ec2::{
            CloudWatchFlowLogs, FlowLog, FlowLogDestination, FlowLogResource, S3FlowLogs,
            TrafficType, Vpc,
        },
        iam::{PolicyDocument, Principal, Role, RolePolicy, Statement},
        logs::{LogGroup, Retention},
        s3::{Bucket, BucketEncryption, LifecycleConfiguration, LifecycleRule},
        sts::CallerIdentity,
    },
    prelude::*,
};

use crate::{SiteKey, iam::allow};

/// What is written down of the traffic that a network refused: who tried to reach what. Addresses
/// and amounts, no content; what was let through is not told, which would be a hundred times as
/// much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowLogs {
    /// Nothing.
    None,
    /// In CloudWatch Logs, where it is searched at once, for so long.
    Logs(Retention),
    /// As files in a bucket of its own, for so long: far cheaper where there is much. The bucket
    /// goes with the network, and what is in it too.
    Bucket(Days),
}

/// Who writes, to a log group.
const WRITER: &str = "vpc-flow-logs.amazonaws.com";

impl FlowLogs {
    #[track_caller]
    pub(crate) fn create(self, stack: &Stack, vpc: &Vpc, key: SiteKey) -> Option<FlowLog> {
        let log = FlowLog::named("refused")
            .resource(FlowLogResource::whole_vpc(vpc))
            .traffic_type(TrafficType::Reject);
        match self {
            Self::None => None,
            Self::Logs(kept) => {
                let group = LogGroup::named("refused")
                    .retention_in_days(kept)
                    .maybe_kms_key_id(key.get())
                    .create(stack);
                let (role, may) = writer(stack, &group);
                let to = CloudWatchFlowLogs::new(&group, role.arn());
                let to = FlowLogDestination::cloud_watch_logs(to);
                // A log that finds its door shut is made all the same, and stays empty.
                Some(log.destination(to).depends_on(&may).create(stack))
            }
            Self::Bucket(kept) => {
                let gone = LifecycleRule::enabled().id("old").expiration_in_days(kept);
                let why = "each of its objects is written once, and goes when it is old";
                stack.allow("data-backed-up", "Bucket/refused", why);
                let bucket = Bucket::named("refused")
                    .maybe_bucket_encryption(key.get().map(BucketEncryption::kms))
                    .lifecycle_configuration(LifecycleConfiguration::new([gone]))
                    // It is written to until the network is gone.
                    .force_destroy(true)
                    .create(stack);
                let to = FlowLogDestination::s3(S3FlowLogs::new(bucket.arn()));
                Some(log.destination(to).create(stack))
            }
        }
    }
}

/// Who writes to a log group, for this account alone.
fn writer(stack: &Stack, group: &LogGroup) -> (Role, RolePolicy) {
    let account = CallerIdentity::lookup("account").create(stack).account();
    let trust = Statement::allow()
        .principals([Principal::service(WRITER)])
        .actions(["sts:AssumeRole"])
        .conditions_push("StringEquals", [("aws:SourceAccount", [account])]);
    let role = Role::named("flow-logs")
        .assume_role_policy_document(PolicyDocument::new([trust]))
        .create(stack);
    let write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"];
    let may = [
        Statement::allow().actions(write).resources([group.arn()]),
        // Which groups there are is asked of no group.
        Statement::allow().actions(["logs:DescribeLogGroups"]).resources(["*"]),
    ];
    (role, allow(stack, "flow-logs", &role, may))
}
