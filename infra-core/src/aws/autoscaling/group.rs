//! AWS: autoscaling CreateAutoScalingGroup, UpdateAutoScalingGroup, SetInstanceProtection,
//! AttachLoadBalancerTargetGroups, DetachLoadBalancerTargetGroups, EnableMetricsCollection,
//! DisableMetricsCollection, PutNotificationConfiguration, CreateOrUpdateTags,
//! DescribeAutoScalingGroups, DeleteAutoScalingGroup.

mod mixed;
mod policies;
mod refresh;

pub use mixed::*;
pub use policies::*;
pub use refresh::*;

use crate::{
    aws::{
        AutoScalingGroupArn, AutoScalingGroupName, LaunchTemplateId, SubnetId, TargetGroupArn,
        ec2::LaunchTemplate,
    },
    prelude::*,
    props, resource,
};

/// A group of instances that are alike: so many of them, spread over zones, replaced when they fail.
///
/// Whatever scales it owns how many there are: `desired_capacity` is what it starts with, and no
/// later difference. A change of the template concerns instances that come afterwards; those that
/// run are replaced by an `instance_refresh`, or one by one as they leave.
///
/// Deletion takes the instances along, and waits until they are gone. Instances that are protected
/// from scale-in keep the group from being deleted, unless `force_delete` says that they may go.
///
/// ```
/// use infra_core::{
///     aws::{
///         SubnetId,
///         autoscaling::{Group, LaunchTemplateSpecification},
///         ec2::{LaunchTemplate, LaunchTemplateData},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let [a, b] = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
/// #     .map(|id| SubnetId::parse(id).unwrap());
/// let data = LaunchTemplateData::new().image_id("ami-0123456789abcdef0").instance_type("m7g.large");
/// let template = LaunchTemplate::named("web").launch_template_data(data).create(&stack);
/// let group = Group::named("web")
///     .min_size(2_u32)
///     .max_size(10_u32)
///     .vpc_zone_identifier([a, b])
///     .launch_template(LaunchTemplateSpecification::latest(&template))
///     .new_instances_protected_from_scale_in(true)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:autoscaling:Group",
    protection(deletion_protection = DeletionProtection::None),
    create = "90s",
    delete = "2min"
)]
pub struct Group {
    /// How few instances there may be. Changes in place. AWS: `MinSize`.
    pub min_size: u32,
    /// How many there may be. Changes in place. AWS: `MaxSize`.
    pub max_size: u32,
    /// The subnets that instances start in, all of one VPC; their zones are the group's. Change in
    /// place. AWS: `VPCZoneIdentifier`.
    #[prop(set)]
    pub vpc_zone_identifier: Vec<SubnetId>,
    /// The name, up to 255 characters, without a colon. Default: made up from project, stack and
    /// name. Changing it replaces the group. AWS: `AutoScalingGroupName`.
    #[prop(id, replace, name(255, path))]
    pub auto_scaling_group_name: Option<AutoScalingGroupName>,
    /// What instances are started from; excludes `mixed_instances_policy`. Default: none. Changes
    /// in place, for instances that come afterwards. AWS: `LaunchTemplate`.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// The same with several types of instances, on demand and spare; excludes `launch_template`.
    /// Default: none. Changes in place, for instances that come afterwards. AWS:
    /// `MixedInstancesPolicy`.
    pub mixed_instances_policy: Option<MixedInstancesPolicy>,
    /// How many instances there are at the beginning. Default: `min_size`. Afterwards whatever
    /// scales the group owns it: a change is no difference, and a replacement starts with as many
    /// as there are. AWS: `DesiredCapacity`.
    #[prop(initial_only)]
    pub desired_capacity: Option<u32>,
    /// What sizes count, where the template says what instances are to have and not which type.
    /// Default: instances. Changes in place. AWS: `DesiredCapacityType`.
    pub desired_capacity_type: Option<DesiredCapacityType>,
    /// By what an instance counts as healthy, beside EC2 itself. Default: EC2 alone. Change in
    /// place. AWS: `HealthCheckType`.
    #[prop(default = [HealthCheckType::Ec2], set)]
    pub health_check_type: Vec<HealthCheckType>,
    /// How long a new instance is not looked at; more than it takes to start. Default: 0. Changes
    /// in place. AWS: `HealthCheckGracePeriod`.
    #[prop(default = Seconds(0))]
    pub health_check_grace_period: Seconds,
    /// The target groups that instances are put into, of target type instance. Not for instances of
    /// ECS, whose services put their tasks in. Default: none. Change in place. AWS:
    /// `TargetGroupARNs`.
    #[prop(default, set)]
    pub target_group_arns: Vec<TargetGroupArn>,
    /// Which instance goes first when there are too many, by the first rule that decides. Default:
    /// AWS's own order. Change in place. AWS: `TerminationPolicies`.
    #[prop(default = [TerminationPolicy::Default])]
    pub termination_policies: Vec<TerminationPolicy>,
    /// How many instances there are while some are replaced. Default: AWS ends those that fail
    /// first. Changes in place. AWS: `InstanceMaintenancePolicy`.
    pub instance_maintenance_policy: Option<InstanceMaintenancePolicy>,
    /// Whether and how instances that run are replaced when `launch_template` or
    /// `mixed_instances_policy` changes. Default: they stay until they leave. Changes in place,
    /// without a call: only an update uses it. AWS: StartInstanceRefresh.
    #[prop(write_only)]
    pub instance_refresh: Option<InstanceRefresh>,
    /// Whether instances are protected from scale-in; managed termination protection of a capacity
    /// provider needs it, and takes it off those that have nothing to do. Default: false. Changes
    /// in place, for instances that run too. AWS: `NewInstancesProtectedFromScaleIn` and
    /// SetInstanceProtection.
    #[prop(default = false)]
    pub new_instances_protected_from_scale_in: bool,
    /// Which figures of the group CloudWatch gets. Default: none. Change in place. AWS:
    /// EnableMetricsCollection, `MetricsCollection`.
    #[prop(default, separate)]
    pub metrics_collection: Vec<MetricsCollection>,
    /// How long a new instance's figures do not count. Default: none; AWS advises to set it, if
    /// only to 0. Changes in place. AWS: `DefaultInstanceWarmup`.
    pub default_instance_warmup: Option<Seconds>,
    /// Whether a new instance is started when AWS warns that it will take a spare one back.
    /// Default: false. Changes in place. AWS: `CapacityRebalance`.
    #[prop(default = false)]
    pub capacity_rebalance: bool,
    /// How long an instance lives at most, a day to a year, or 0 for ever. Default: for ever.
    /// Changes in place. AWS: `MaxInstanceLifetime`.
    pub max_instance_lifetime: Option<Seconds>,
    /// What happens when a zone has no instances left to start. Default: others step in. Changes in
    /// place. AWS: `AvailabilityZoneDistribution`.
    pub availability_zone_distribution: Option<AvailabilityZoneDistribution>,
    /// What happens when traffic is shifted away from a zone. Default: nothing. Changes in place.
    /// AWS: `AvailabilityZoneImpairmentPolicy`.
    pub availability_zone_impairment_policy: Option<AvailabilityZoneImpairmentPolicy>,
    /// Whether reserved capacity is used. Default: as the template says. Changes in place. AWS:
    /// `CapacityReservationSpecification`.
    pub capacity_reservation_specification: Option<GroupCapacityReservation>,
    /// The placement group, by name. Default: none. Changes in place. AWS: `PlacementGroup`.
    pub placement_group: Option<String>,
    /// Who is told of instances that come and go. Default: nobody. Change in place. AWS:
    /// PutNotificationConfiguration, `NotificationConfigurations`.
    #[prop(default, separate)]
    pub notification_configurations: Vec<NotificationConfiguration>,
    /// What AWS refuses to delete. Default: nothing. Changes in place. AWS: `DeletionProtection`.
    #[prop(default = DeletionProtection::None)]
    pub deletion_protection: DeletionProtection,
    /// Whether deletion takes along instances that are protected from scale-in. Default: false.
    /// Changes in place, without a call: only deletion uses it. AWS: DeleteAutoScalingGroup,
    /// `ForceDelete`.
    #[prop(default = false, write_only)]
    pub force_delete: bool,
    /// Tags of the group itself. Default: none. Change in place. AWS: `Tags`, without
    /// `PropagateAtLaunch`.
    #[prop(default)]
    pub tags: Tags,
    /// Tags of the group that instances get when they start; not their volumes. Default: none.
    /// Change in place. AWS: `Tags` with `PropagateAtLaunch`.
    #[prop(default)]
    pub propagated_tags: Tags,
    /// The ARN. AWS: `AutoScalingGroupARN`.
    #[output(
        arn = "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{random:8}-{random:4}-{random:4}-{random:4}-{random:12}:autoScalingGroupName/{auto_scaling_group_name}",
        at = exists
    )]
    pub auto_scaling_group_arn: AutoScalingGroupArn,
    /// The zones of its subnets, in order. AWS: `AvailabilityZones`.
    #[output(at = exists, changes_with(vpc_zone_identifier))]
    pub availability_zones: Vec<String>,
}

/// A launch template and a version of it.
#[props]
pub struct LaunchTemplateSpecification {
    /// The template. AWS: `LaunchTemplateId`.
    pub launch_template_id: LaunchTemplateId,
    /// The version: a number, `$Latest` or `$Default`. AWS: `Version`.
    pub version: String,
}

impl LaunchTemplateSpecification {
    /// The version that the program's own template has come to: a change of the template is a
    /// change of the group, that a preview shows.
    pub fn latest(template: &LaunchTemplate) -> Self {
        Self::new(template, template.latest_version_number())
    }
}
