//! AWS: ecs CreateCapacityProvider, UpdateCapacityProvider, TagResource,
//! DescribeCapacityProviders, DeleteCapacityProvider.

use super::Switch;
use crate::{
    aws::{AutoScalingGroupArn, CapacityProviderName},
    prelude::*,
    props, resource,
};

/// Lets a cluster start and end the instances of an Auto Scaling group, as its tasks need them.
///
/// A group has one provider at a time. The provider goes before its group can, and is taken from
/// its cluster before: see [`ClusterCapacityProviders`](super::ClusterCapacityProviders).
///
/// ```
/// use infra_core::{
///     aws::{AutoScalingGroupArn, ecs::{CapacityProvider, ManagedScaling, Switch}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let group = AutoScalingGroupArn::parse("arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web").unwrap();
/// CapacityProvider::named("web")
///     .auto_scaling_group_arn(group)
///     .managed_scaling(ManagedScaling::new().target_capacity(90_u32))
///     .managed_termination_protection(Switch::Enabled)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
// AWS nests all but the name in `autoScalingGroupProvider`. Of that the ARN alone can't change, and
// it is a property that replaces, so that all of them are properties here.
#[resource(
    "aws:ecs:CapacityProvider",
    unique(auto_scaling_group_arn),
    create = "5s",
    update = "5s",
    delete = "10s"
)]
pub struct CapacityProvider {
    /// The group. Changing it replaces the provider. AWS:
    /// `AutoScalingGroupProvider.AutoScalingGroupArn`.
    #[prop(replace)]
    pub auto_scaling_group_arn: AutoScalingGroupArn,
    /// The name, up to 255 letters, digits, `_` and `-`; not beginning with aws, ecs or fargate.
    /// Default: made up from project, stack and name. Changing it replaces the provider. AWS:
    /// `Name`.
    #[prop(id, replace, name(255, word))]
    pub name: Option<CapacityProviderName>,
    /// How it starts and ends instances. Default: it does, until all are full. Changes in place.
    /// AWS: `AutoScalingGroupProvider.ManagedScaling`.
    #[prop(default = ManagedScaling::new())]
    pub managed_scaling: ManagedScaling,
    /// Whether instances with tasks are kept when instances are ended; needs managed scaling, and
    /// the group's `new_instances_protected_from_scale_in`. Default: they are not. Changes in place.
    /// AWS: `AutoScalingGroupProvider.ManagedTerminationProtection`.
    #[prop(default = Switch::Disabled)]
    pub managed_termination_protection: Switch,
    /// Whether tasks move to other instances before an instance ends. Default: they do. Changes in
    /// place. AWS: `AutoScalingGroupProvider.ManagedDraining`.
    #[prop(default = Switch::Enabled)]
    pub managed_draining: Switch,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: DescribeCapacityProviders, `capacityProviderArn`.
    #[output(arn = "arn:aws:ecs:{region}:{account}:capacity-provider/{id}", at = exists)]
    pub arn: String,
}

/// How a capacity provider starts and ends instances.
#[props]
pub struct ManagedScaling {
    /// Whether it does. Default: it does (AWS: it does not, where nothing is said). AWS: `Status`.
    #[prop(default = Switch::Enabled)]
    pub status: Switch,
    /// How full instances are kept, 1 to 100 percent; below 100 some wait for what comes. Default:
    /// 100. AWS: `TargetCapacity`.
    #[prop(default = 100_u32)]
    pub target_capacity: u32,
    /// How few are started at once, 1 to 10,000. Default: 1. AWS: `MinimumScalingStepSize`.
    #[prop(default = 1_u32)]
    pub minimum_scaling_step_size: u32,
    /// How many are started at once, 1 to 10,000. Default: 10,000. AWS: `MaximumScalingStepSize`.
    #[prop(default = 10_000_u32)]
    pub maximum_scaling_step_size: u32,
    /// How long a new one's figures do not count, 0 to 10,000 s. Default: 300 s. AWS:
    /// `InstanceWarmupPeriod`.
    #[prop(default = Seconds(300))]
    pub instance_warmup_period: Seconds,
}
