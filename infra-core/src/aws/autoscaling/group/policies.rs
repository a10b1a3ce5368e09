//! How a group treats its instances.

use crate::{
    aws::{CapacityReservationId, TopicArn},
    props,
};

/// What sizes of a group count.
#[props(words = "kebab")]
pub enum DesiredCapacityType {
    /// Instances.
    Units,
    /// Virtual processors.
    Vcpu,
    /// MiB of memory.
    MemoryMib,
}

/// By what an instance counts as healthy.
#[props]
pub enum HealthCheckType {
    /// By EC2's own checks of machine and network, which are always made.
    #[prop("EC2")]
    Ec2,
    /// By the checks of its target groups too.
    #[prop("ELB")]
    Elb,
    /// By whether its volumes answer too.
    #[prop("EBS")]
    Ebs,
}

/// Which instance goes first.
#[props(words = "exact")]
pub enum TerminationPolicy {
    /// AWS's own order: the fullest zone, the oldest template, the next full hour.
    Default,
    /// Whatever brings the group nearer to its allocation strategy.
    AllocationStrategy,
    /// The oldest template.
    OldestLaunchTemplate,
    /// The oldest instance.
    OldestInstance,
    /// The newest instance.
    NewestInstance,
    /// The one whose next hour is nearest.
    ClosestToNextInstanceHour,
}

/// How many instances there are while some are replaced, in percent of what there shall be; not
/// more than 100 apart.
#[props]
pub struct InstanceMaintenancePolicy {
    /// How few, 0 to 100; 100 starts a new one before an old one goes. AWS:
    /// `MinHealthyPercentage`.
    pub min_healthy_percentage: u32,
    /// How many, 100 to 200. AWS: `MaxHealthyPercentage`.
    pub max_healthy_percentage: u32,
}

/// Figures of a group that CloudWatch gets.
#[props]
pub struct MetricsCollection {
    /// How often. Default: every minute, which is all that there is. AWS: `Granularity`.
    #[prop(default = MetricGranularity::OneMinute)]
    pub granularity: MetricGranularity,
    /// Which, such as `GroupInServiceInstances`. Default: all. AWS: `Metrics`.
    #[prop(default)]
    pub metrics: Vec<GroupMetric>,
}

/// How often CloudWatch gets figures of a group.
#[props]
pub enum MetricGranularity {
    /// Every minute.
    #[prop("1Minute")]
    OneMinute,
}

/// A figure of a group.
#[props(words = "exact")]
pub enum GroupMetric {
    /// How few instances there may be.
    GroupMinSize,
    /// How many there may be.
    GroupMaxSize,
    /// How many there shall be.
    GroupDesiredCapacity,
    /// How many work.
    GroupInServiceInstances,
    /// How many are starting.
    GroupPendingInstances,
    /// How many stand by.
    GroupStandbyInstances,
    /// How many are going.
    GroupTerminatingInstances,
    /// How many there are.
    GroupTotalInstances,
    /// How much works, by weight.
    GroupInServiceCapacity,
    /// How much is starting, by weight.
    GroupPendingCapacity,
    /// How much stands by, by weight.
    GroupStandbyCapacity,
    /// How much is going, by weight.
    GroupTerminatingCapacity,
    /// How much there is, by weight.
    GroupTotalCapacity,
}

/// What happens when a zone has no instances left to start.
#[props]
pub struct AvailabilityZoneDistribution {
    /// What happens. AWS: `CapacityDistributionStrategy`.
    pub capacity_distribution_strategy: CapacityDistributionStrategy,
}

/// What happens when a zone has no instances left to start.
#[props(words = "kebab")]
pub enum CapacityDistributionStrategy {
    /// Another zone steps in.
    BalancedBestEffort,
    /// It is tried there again, so that zones stay even.
    BalancedOnly,
    /// Reserved capacity is used first, wherever it is; the rest is spread evenly.
    ReservationsThenBalanced,
}

/// What happens when traffic is shifted away from a zone.
#[props]
pub struct AvailabilityZoneImpairmentPolicy {
    /// Whether the group starts instances in the other zones then. AWS: `ZonalShiftEnabled`.
    pub zonal_shift_enabled: bool,
    /// What happens to instances there that seem to be ill. AWS:
    /// `ImpairedZoneHealthCheckBehavior`.
    pub impaired_zone_health_check_behavior: ImpairedZoneHealthCheckBehavior,
}

/// What happens to instances of an impaired zone that seem to be ill.
#[props(words = "exact")]
pub enum ImpairedZoneHealthCheckBehavior {
    /// They are left alone.
    IgnoreUnhealthy,
    /// They are replaced.
    ReplaceUnhealthy,
}

/// Whether a group uses capacity that was reserved.
#[props]
pub struct GroupCapacityReservation {
    /// Whether it does. AWS: `CapacityReservationPreference`.
    pub capacity_reservation_preference: GroupCapacityReservationPreference,
    /// Which reservations, with the first two preferences alone. Default: open ones. AWS:
    /// `CapacityReservationTarget`.
    pub capacity_reservation_target: Option<GroupCapacityReservationTarget>,
}

/// Whether a group uses capacity that was reserved.
#[props(words = "kebab")]
pub enum GroupCapacityReservationPreference {
    /// That alone.
    CapacityReservationsOnly,
    /// That first, then on demand.
    CapacityReservationsFirst,
    /// On demand alone.
    None,
    /// As the template says.
    Default,
}

/// Which reservations a group uses.
#[props]
pub struct GroupCapacityReservationTarget {
    /// Reservations by id. Default: none. AWS: `CapacityReservationIds`.
    pub capacity_reservation_ids: Option<Vec<CapacityReservationId>>,
    /// Resource groups that hold reservations, by ARN. Default: none. AWS:
    /// `CapacityReservationResourceGroupArns`.
    pub capacity_reservation_resource_group_arns: Option<Vec<String>>,
}

/// Who is told of instances that come and go.
#[props]
pub struct NotificationConfiguration {
    /// The topic. AWS: `TopicARN`.
    pub topic_arn: TopicArn,
    /// Of what. AWS: `NotificationTypes`.
    pub notification_types: Vec<NotificationType>,
}

/// What people are told of a group.
#[props]
pub enum NotificationType {
    /// An instance started.
    #[prop("autoscaling:EC2_INSTANCE_LAUNCH")]
    InstanceLaunch,
    /// An instance could not be started.
    #[prop("autoscaling:EC2_INSTANCE_LAUNCH_ERROR")]
    InstanceLaunchError,
    /// An instance ended.
    #[prop("autoscaling:EC2_INSTANCE_TERMINATE")]
    InstanceTerminate,
    /// An instance could not be ended.
    #[prop("autoscaling:EC2_INSTANCE_TERMINATE_ERROR")]
    InstanceTerminateError,
    /// The test that AWS sends at the beginning.
    #[prop("autoscaling:TEST_NOTIFICATION")]
    TestNotification,
}

/// What AWS refuses to delete.
#[props(words = "kebab")]
pub enum DeletionProtection {
    /// Nothing.
    None,
    /// The group together with instances that it has.
    PreventForceDeletion,
    /// The group.
    PreventAllDeletion,
}
