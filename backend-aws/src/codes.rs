//! One table of what the services' error codes mean: what is to be tried again, what is used by
//! something else, what is not there.

use infra_core::handler::Problem;

use crate::error::Error;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    NotFound,
    AlreadyExists,
    InUse,
    Throttled,
    Consistency,
    Failure,
    Denied,
    Quota,
    Invalid,
}

/// What a code means in one operation of one service, where its words have a part. An empty text
/// stands for any. The first that fits is taken.
#[derive(Clone, Copy)]
struct Line(&'static str, &'static str, &'static str, &'static str, Means);

/// What is particular to a service or an operation.
const PARTICULAR: &[Line] = &[
    // A role or a profile that was made a moment ago is not known everywhere yet.
    Line(
        "ec2",
        "RunInstances",
        "InvalidParameterValue",
        "IAM Instance Profile",
        Means::Consistency,
    ),
    Line("ec2", "DetachVolume", "IncorrectState", "available", Means::NotFound),
    Line("ec2", "ModifyVolume", "IncorrectModificationState", "", Means::InUse),
    Line("ec2", "ModifyVolume", "VolumeModificationRateExceeded", "", Means::Quota),
    Line("ec2", "ModifyManagedPrefixList", "IncorrectState", "", Means::InUse),
    Line("ec2", "ModifyManagedPrefixList", "PrefixListVersionMismatch", "", Means::InUse),
    Line("ec2", "DeleteManagedPrefixList", "IncorrectState", "", Means::InUse),
    Line(
        "ec2",
        "DeleteNetworkInterface",
        "InvalidParameterValue",
        "currently in use",
        Means::InUse,
    ),
    Line("ec2", "CreateFlowLogs", "InvalidParameter", "assume", Means::Consistency),
    Line("ecs", "", "InvalidParameterException", "assume the role", Means::Consistency),
    Line("ecs", "", "ClientException", "assume the role", Means::Consistency),
    Line("ecs", "CreateCapacityProvider", "ClientException", "not active", Means::Consistency),
    // Instances of a group register a while after they were started.
    Line(
        "ecs",
        "RunTask",
        "InvalidParameterException",
        "No Container Instances",
        Means::Consistency,
    ),
    Line("autoscaling", "", "ValidationError", "Invalid IamInstanceProfile", Means::Consistency),
    Line("iam", "", "MalformedPolicyDocument", "Invalid principal", Means::Consistency),
    // The role that was taken out a moment ago still counts.
    Line("iam", "AddRoleToInstanceProfile", "LimitExceeded", "", Means::Consistency),
    Line("iam", "CreateServiceLinkedRole", "InvalidInput", "been taken", Means::AlreadyExists),
    Line("kms", "", "MalformedPolicyDocumentException", "principal", Means::Consistency),
    Line("kms", "CreateGrant", "InvalidArnException", "", Means::Consistency),
    // A function whose permission was given a moment ago.
    Line("secretsmanager", "RotateSecret", "AccessDenied", "cannot invoke", Means::Consistency),
    // A policy of a topic, or versions, that were set a moment ago.
    Line(
        "s3",
        "PutBucketNotificationConfiguration",
        "InvalidArgument",
        "Unable to validate",
        Means::Consistency,
    ),
    Line("s3", "PutBucketReplication", "InvalidRequest", "Versioning must", Means::Consistency),
    Line("s3", "PutBucketPolicy", "MalformedPolicy", "Invalid principal", Means::Consistency),
    Line("scheduler", "", "ValidationException", "assume the role", Means::Consistency),
    Line("eventbridge", "PutTargets", "ValidationException", "assumed", Means::Consistency),
    Line("backup", "", "InvalidParameterValueException", "IAM Role", Means::Consistency),
    Line(
        "backup",
        "CreateBackupSelection",
        "InvalidParameterValueException",
        "Cannot find",
        Means::Consistency,
    ),
    Line("rds", "", "InvalidParameterValue", "IAM role ARN value is invalid", Means::Consistency),
    Line("wafv2", "", "WAFUnavailableEntityException", "", Means::Consistency),
    // What waits for another change of the same thing.
    Line("rds", "", "InvalidDBClusterStateFault", "", Means::InUse),
    Line("rds", "", "InvalidDBInstanceState", "", Means::InUse),
    Line("rds", "", "InvalidDBClusterSnapshotStateFault", "", Means::InUse),
    Line("rds", "", "InvalidDBParameterGroupState", "", Means::InUse),
    Line("rds", "", "InvalidDBSubnetGroupStateFault", "", Means::InUse),
    Line("rds", "", "InvalidEventSubscriptionState", "", Means::InUse),
    Line("elasticache", "", "InvalidReplicationGroupState", "", Means::InUse),
    Line("elasticache", "", "InvalidCacheClusterState", "", Means::InUse),
    Line("elasticache", "", "InvalidCacheParameterGroupState", "", Means::InUse),
    Line("elasticache", "", "InvalidUserGroupState", "", Means::InUse),
    Line("elasticache", "", "InvalidUserState", "", Means::InUse),
    Line("autoscaling", "", "ScalingActivityInProgress", "", Means::InUse),
    Line("ecs", "", "UpdateInProgressException", "", Means::InUse),
    Line("ecs", "DeleteCluster", "ClusterContains", "", Means::InUse),
    Line("ecs", "DeleteCapacityProvider", "ClientException", "associated with", Means::InUse),
    Line("ecs", "CreateService", "InvalidParameterException", "still Draining", Means::InUse),
    // Its deployments end first.
    Line("ecs", "DeleteService", "InvalidParameterException", "cannot be stopped", Means::InUse),
    Line("efs", "", "IncorrectFileSystemLifeCycleState", "", Means::InUse),
    Line("efs", "", "IncorrectMountTargetState", "", Means::InUse),
    Line("efs", "", "DependencyTimeout", "", Means::Failure),
    Line("efs", "", "MountTargetConflict", "", Means::AlreadyExists),
    // The throughput changes once a day: nobody waits for that.
    Line("efs", "UpdateFileSystem", "TooManyRequests", "", Means::Invalid),
    Line("cloudfront", "", "DistributionNotDisabled", "", Means::InUse),
    // Somebody else has changed it since it was looked at.
    Line("cloudfront", "", "PreconditionFailed", "", Means::Consistency),
    Line("cloudfront", "", "InvalidIfMatchVersion", "", Means::Consistency),
    Line("route53", "", "PriorRequestNotComplete", "", Means::Throttled),
    Line("route53", "", "HostedZoneNotEmpty", "", Means::InUse),
    Line("route53", "", "InvalidChangeBatch", "already exists", Means::AlreadyExists),
    Line("route53", "", "InvalidChangeBatch", "not found", Means::NotFound),
    Line("acm", "", "RequestInProgress", "", Means::InUse),
    Line("elasticloadbalancingv2", "", "CapacityReservationPending", "", Means::InUse),
    Line("elasticloadbalancingv2", "", "PriorRequestNotComplete", "", Means::InUse),
    Line("elasticloadbalancingv2", "", "TrustStoreNotReady", "", Means::InUse),
    // The policy of the bucket may not be known everywhere yet.
    Line(
        "elasticloadbalancingv2",
        "ModifyLoadBalancerAttributes",
        "InvalidConfigurationRequest",
        "Access Denied for bucket",
        Means::Consistency,
    ),
    // The old listeners of another load balancer may be about to go.
    Line("elasticloadbalancingv2", "", "TargetGroupAssociationLimit", "", Means::InUse),
    Line("s3", "", "OperationAborted", "", Means::InUse),
    Line("s3", "", "ConditionalRequestConflict", "", Means::InUse),
    Line("s3", "PutObject", "PreconditionFailed", "", Means::AlreadyExists),
    // A secret that waits for its end keeps its name, and is nothing else any more.
    Line("secretsmanager", "CreateSecret", "InvalidRequest", "for deletion", Means::InUse),
    Line("secretsmanager", "DeleteSecret", "InvalidRequest", "replica", Means::InUse),
    Line("secretsmanager", "", "InvalidRequest", "marked", Means::NotFound),
    Line("secretsmanager", "", "InvalidRequest", "scheduled for deletion", Means::NotFound),
    Line("secretsmanager", "", "ResourceExists", "", Means::AlreadyExists),
    Line("cloudwatch", "DeleteAlarms", "ValidationError", "composite alarm", Means::InUse),
    Line("cloudwatch", "", "ConcurrentModificationException", "", Means::Throttled),
    Line("eventbridge", "", "ConcurrentModificationException", "", Means::Throttled),
    Line("eventbridge", "DeleteRule", "ValidationException", "target", Means::InUse),
    Line("cloudwatchlogs", "", "OperationAbortedException", "", Means::Throttled),
    Line("sns", "", "ConcurrentAccess", "", Means::Throttled),
    // Codes that say nothing by themselves.
    Line("sns", "CreateTopic", "InvalidParameter", "already exists", Means::AlreadyExists),
    Line("sns", "Subscribe", "InvalidParameter", "already exists", Means::AlreadyExists),
    Line("ecs", "CreateService", "", "not idempotent", Means::AlreadyExists),
    Line("sesv2", "", "ConcurrentModificationException", "", Means::Throttled),
    Line("wafv2", "", "WAFOptimisticLockException", "", Means::Throttled),
    Line("backup", "DeleteBackupVault", "InvalidRequestException", "recovery point", Means::InUse),
    Line("backup", "DeleteBackupPlan", "InvalidRequestException", "selection", Means::InUse),
    Line("backup", "DeleteRestoreTestingPlan", "InvalidRequestException", "", Means::InUse),
    // Codes that say nothing by themselves.
    Line("backup", "", "InvalidParameterValueException", "Cannot find", Means::NotFound),
    // Of a vault that is not there; whoever may not ask is told what he may not do.
    Line("backup", "", "AccessDeniedException", "Insufficient privileges", Means::NotFound),
    Line("autoscaling", "", "ValidationError", "not found", Means::NotFound),
    Line("autoscaling", "", "ValidationError", "No Lifecycle Hook found", Means::NotFound),
    Line("autoscaling", "", "ResourceContention", "", Means::Throttled),
    Line("autoscaling", "", "InstanceRefreshInProgress", "", Means::InUse),
    Line("ssm", "", "InvalidResourceId", "", Means::NotFound),
    Line("wafv2", "", "WAFLimitsExceededException", "", Means::Quota),
    Line("wafv2", "", "WAFLogDestinationPermissionIssueException", "", Means::Denied),
    Line("ecs", "DescribeTaskDefinition", "ClientException", "describe task", Means::NotFound),
    Line("ecs", "DeleteCapacityProvider", "", "does not exist", Means::NotFound),
    Line("ecs", "DeleteCapacityProvider", "", "not found", Means::NotFound),
];

/// Parts of codes that mean the same wherever they are used, the more particular ones first.
const COMMON: &[(&str, Means)] = &[
    ("Throttl", Means::Throttled),
    ("TooManyRequests", Means::Throttled),
    ("RequestLimitExceeded", Means::Throttled),
    ("SlowDown", Means::Throttled),
    ("BandwidthLimitExceeded", Means::Throttled),
    ("InternalError", Means::Failure),
    ("InternalFailure", Means::Failure),
    ("InternalServer", Means::Failure),
    ("InternalService", Means::Failure),
    ("Unavailable", Means::Failure),
    ("ServerException", Means::Failure),
    ("DependencyViolation", Means::InUse),
    ("DeleteConflict", Means::InUse),
    ("InUse", Means::InUse),
    ("ConflictException", Means::InUse),
    ("BucketNotEmpty", Means::InUse),
    ("HasTargets", Means::InUse),
    ("AlreadyExist", Means::AlreadyExists),
    ("Duplicate", Means::AlreadyExists),
    ("AlreadyAssociated", Means::AlreadyExists),
    ("BucketAlreadyOwnedByYou", Means::AlreadyExists),
    ("NotFound", Means::NotFound),
    ("NoSuch", Means::NotFound),
    ("DoesNotExist", Means::NotFound),
    ("Nonexistent", Means::NotFound),
    ("AccessDenied", Means::Denied),
    ("UnauthorizedOperation", Means::Denied),
    ("AuthFailure", Means::Denied),
    ("ExpiredToken", Means::Denied),
    ("InvalidClientTokenId", Means::Denied),
    ("UnrecognizedClient", Means::Denied),
    ("SignatureDoesNotMatch", Means::Denied),
    ("LimitExceeded", Means::Quota),
    ("QuotaExceeded", Means::Quota),
    ("TooMany", Means::Quota),
    ("Invalid", Means::Invalid),
    ("Validation", Means::Invalid),
    ("Malformed", Means::Invalid),
    ("MissingParameter", Means::Invalid),
];

fn means(service: &str, operation: &str, code: &str, message: &str) -> Option<Means> {
    told(PARTICULAR, COMMON, (service, operation, code, message))
}

/// What a refusal means by these tables: service, operation, code and message.
fn told(
    particular: &[Line],
    common: &[(&str, Means)],
    (service, operation, code, message): (&str, &str, &str, &str),
) -> Option<Means> {
    let fits = |line: &&Line| {
        line.0 == service
            && (line.1.is_empty() || line.1 == operation)
            && code.starts_with(line.2)
            && message.contains(line.3)
    };
    let particular = particular.iter().find(fits).map(|line| line.4);
    let common = || common.iter().find(|(part, _)| code.contains(part)).map(|(_, means)| *means);
    particular.or_else(common)
}

/// What kind of problem a code tells of.
pub(crate) fn problem(service: &str, operation: &str, code: &str, message: &str) -> Problem {
    match means(service, operation, code, message) {
        Some(Means::NotFound) => Problem::NotFound,
        Some(Means::AlreadyExists) => Problem::AlreadyExists { id: None },
        Some(Means::InUse) => Problem::InUse { by: vec![] },
        Some(Means::Throttled) => Error::throttled(),
        Some(Means::Consistency) => Problem::EventuallyConsistent,
        Some(Means::Failure) => Problem::Transient,
        Some(Means::Denied) => Problem::Denied,
        Some(Means::Quota) => Problem::Quota,
        Some(Means::Invalid) => Problem::Invalid { property: None },
        None => Problem::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that the tables say, so that a line that goes or changes is seen.
    #[test]
    fn every_line_means_what_it_did() {
        let particular = PARTICULAR.iter().map(|Line(service, operation, code, message, means)| {
            let operation = if operation.is_empty() { "*" } else { operation };
            let code = if code.is_empty() { "*" } else { code };
            format!("{service} {operation} {code} {message:?}: {means:?}\n")
        });
        let common = COMMON.iter().map(|(part, means)| format!("* * *{part}* \"\": {means:?}\n"));
        insta::assert_snapshot!(particular.chain(common).collect::<String>());
    }

    /// What only repeats another line is no part of what is relied on.
    #[test]
    fn no_line_says_what_the_others_say() {
        let with = |call| told(PARTICULAR, COMMON, call);
        for (place, line) in PARTICULAR.iter().enumerate() {
            let Line(service, operation, code, message, means) = *line;
            let call = (service, operation, code, message);
            assert_eq!(with(call), Some(means), "{call:?}");
            let mut others = PARTICULAR.to_vec();
            others.remove(place);
            assert_ne!(told(&others, COMMON, call), Some(means), "{call:?}");
        }
        for (place, (part, means)) in COMMON.iter().enumerate() {
            let call = ("", "", *part, "");
            assert_eq!(with(call), Some(*means), "{part}");
            let mut others = COMMON.to_vec();
            others.remove(place);
            assert_ne!(told(PARTICULAR, &others, call), Some(*means), "{part}");
        }
    }

    #[test]
    fn codes_mean_what_services_say() {
        let plain = |service, code| problem(service, "", code, "");
        assert_eq!(plain("ec2", "InvalidVpcID.NotFound"), Problem::NotFound);
        assert_eq!(plain("ec2", "DependencyViolation"), Problem::InUse { by: vec![] });
        assert_eq!(plain("iam", "NoSuchEntity"), Problem::NotFound);
        assert_eq!(plain("iam", "EntityAlreadyExists"), Problem::AlreadyExists { id: None });
        assert_eq!(plain("ec2", "RequestLimitExceeded"), Error::throttled());
        assert_eq!(plain("rds", "InternalFailure"), Problem::Transient);
        assert_eq!(plain("ec2", "InvalidParameterValue"), Problem::Invalid { property: None });
        let role = "Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM \
                    Instance Profile name";
        let young = problem("ec2", "RunInstances", "InvalidParameterValue", role);
        assert_eq!(young, Problem::EventuallyConsistent);
    }
}
