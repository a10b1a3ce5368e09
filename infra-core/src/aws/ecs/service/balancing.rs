//! How a service's tasks are reached.

use crate::{
    aws::{DiscoveryServiceArn, ListenerRuleArn, RoleArn, TargetGroupArn},
    props,
};

/// A target group that tasks are put into, and by which of their ports.
#[props]
pub struct ServiceLoadBalancer {
    /// The group: of target type ip with awsvpc, else of type instance. AWS: `TargetGroupArn`.
    pub target_group_arn: TargetGroupArn,
    /// The container. AWS: `ContainerName`.
    pub container_name: String,
    /// Its port, which stands among its port mappings. AWS: `ContainerPort`.
    pub container_port: u16,
    /// How traffic is shifted, where deployments do not roll. Default: none. AWS:
    /// `AdvancedConfiguration`.
    pub advanced_configuration: Option<AdvancedConfiguration>,
}

/// How traffic is shifted from old tasks to new ones.
#[props]
pub struct AdvancedConfiguration {
    /// The other target group. AWS: `AlternateTargetGroupArn`.
    pub alternate_target_group_arn: TargetGroupArn,
    /// The rule that real requests go by. AWS: `ProductionListenerRule`.
    pub production_listener_rule: ListenerRuleArn,
    /// The role that ECS acts as to change rules. AWS: `RoleArn`.
    pub role_arn: RoleArn,
    /// The rule that test requests go by. Default: none. AWS: `TestListenerRule`.
    pub test_listener_rule: Option<ListenerRuleArn>,
}

/// A name of AWS Cloud Map that tasks are found by.
#[props]
pub struct ServiceRegistry {
    /// The service of AWS Cloud Map. AWS: `RegistryArn`.
    pub registry_arn: DiscoveryServiceArn,
    /// The container, with bridge and host. Default: none. AWS: `ContainerName`.
    pub container_name: Option<String>,
    /// Its port, with bridge and host. Default: none. AWS: `ContainerPort`.
    pub container_port: Option<u16>,
    /// The port in SRV records; excludes the container's. Default: none. AWS: `Port`.
    pub port: Option<u16>,
}
