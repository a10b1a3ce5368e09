//! AWS: application-autoscaling RegisterScalableTarget, DescribeScalableTargets,
//! DeregisterScalableTarget.

use crate::{prelude::*, props, resource};

/// What may be scaled, and between which bounds: the tasks of a service, the readers of a cluster.
///
/// One resource has one target for each dimension. Deregistering a target takes its policies and
/// its schedule along; what was scaled stays as large as it is.
///
/// ```
/// use infra_core::{aws::applicationautoscaling::{ScalableDimension, ScalableTarget}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// ScalableTarget::named("web")
///     .resource_id("service/campus/web")
///     .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
///     .min_capacity(2_u32)
///     .max_capacity(20_u32)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:applicationautoscaling:ScalableTarget",
    key(resource_id, scalable_dimension),
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct ScalableTarget {
    /// What is scaled, as its service writes it: `service/<cluster>/<service>`,
    /// `cluster:<identifier>`, `replication-group/<id>`, `table/<name>`, `function:<name>:<alias>`,
    /// `spot-fleet-request/<id>`. Changing it replaces the target. AWS: `ResourceId`.
    #[prop(replace)]
    pub resource_id: String,
    /// What of it is scaled; names the service too. Changing it replaces the target. AWS:
    /// `ScalableDimension` and `ServiceNamespace`.
    #[prop(replace)]
    pub scalable_dimension: ScalableDimension,
    /// How few there may be. Changes in place; what is below grows at once. AWS: `MinCapacity`.
    pub min_capacity: u32,
    /// How many there may be. Changes in place; what is above shrinks at once. AWS: `MaxCapacity`.
    pub max_capacity: u32,
    /// What does not scale for the time being. Default: nothing is suspended. Changes in place.
    /// AWS: `SuspendedState`.
    #[prop(default = SuspendedState::new())]
    pub suspended_state: SuspendedState,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
}

/// Which ways of scaling are suspended.
#[props]
pub struct SuspendedState {
    /// Whether policies no longer take away. Default: false. AWS: `DynamicScalingInSuspended`.
    #[prop(default = false)]
    pub dynamic_scaling_in_suspended: bool,
    /// Whether policies no longer add. Default: false. AWS: `DynamicScalingOutSuspended`.
    #[prop(default = false)]
    pub dynamic_scaling_out_suspended: bool,
    /// Whether the schedule rests. Default: false. AWS: `ScheduledScalingSuspended`.
    #[prop(default = false)]
    pub scheduled_scaling_suspended: bool,
}

/// What of a resource is scaled.
#[props]
pub enum ScalableDimension {
    /// The tasks of a service.
    #[prop("ecs:service:DesiredCount")]
    EcsServiceDesiredCount,
    /// The readers of an Aurora cluster.
    #[prop("rds:cluster:ReadReplicaCount")]
    RdsClusterReadReplicaCount,
    /// The shards of a replication group.
    #[prop("elasticache:replication-group:NodeGroups")]
    ElastiCacheNodeGroups,
    /// The replicas of each shard of a replication group.
    #[prop("elasticache:replication-group:Replicas")]
    ElastiCacheReplicas,
    /// What can be read from a table in a second.
    #[prop("dynamodb:table:ReadCapacityUnits")]
    DynamoDbTableReadCapacityUnits,
    /// What can be written to a table in a second.
    #[prop("dynamodb:table:WriteCapacityUnits")]
    DynamoDbTableWriteCapacityUnits,
    /// The instances of a function that wait for work.
    #[prop("lambda:function:ProvisionedConcurrency")]
    LambdaProvisionedConcurrency,
    /// The instances of a Spot Fleet.
    #[prop("ec2:spot-fleet-request:TargetCapacity")]
    SpotFleetTargetCapacity,
}
