//! Where tasks run, and how they are reached: what services and single tasks have in common.

use crate::{
    aws::{CapacityProviderName, SecurityGroupId, SubnetId},
    props,
};

/// On or off.
#[props(words = "UPPER")]
pub enum Switch {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// A capacity provider and its share of tasks.
#[props]
pub struct CapacityProviderStrategyItem {
    /// The provider, which is associated with the cluster. AWS: `CapacityProvider`.
    pub capacity_provider: CapacityProviderName,
    /// Its share of the tasks beyond `base`, 0 to 1000, in relation to the others; 0 gets none.
    /// Default: 1 (AWS: 0). AWS: `Weight`.
    #[prop(default = 1_u32)]
    pub weight: u32,
    /// How many tasks run there before anything else, 0 to 100,000, for one provider of a strategy
    /// alone. Default: 0. AWS: `Base`.
    #[prop(default = 0_u32)]
    pub base: u32,
}

/// On what tasks run, where no capacity provider says it.
#[props]
pub enum LaunchType {
    /// On instances that are registered with the cluster.
    #[prop("EC2")]
    Ec2,
    /// On machines that AWS looks after.
    #[prop("FARGATE")]
    Fargate,
}

/// Network interfaces of tasks whose network mode is awsvpc.
#[props]
pub struct NetworkConfiguration {
    /// Where they lie. AWS: `AwsvpcConfiguration`.
    pub awsvpc_configuration: AwsvpcConfiguration,
}

impl NetworkConfiguration {
    /// Interfaces in these subnets and groups, without public addresses.
    pub fn private(
        subnets: impl crate::dsl::IntoInput<Vec<SubnetId>>,
        security_groups: impl crate::dsl::IntoInput<Vec<SecurityGroupId>>,
    ) -> Self {
        Self::new(AwsvpcConfiguration::new(subnets).security_groups(security_groups))
    }
}

/// Where network interfaces of tasks lie.
#[props]
pub struct AwsvpcConfiguration {
    /// The subnets, up to 16 of one VPC. AWS: `Subnets`.
    pub subnets: Vec<SubnetId>,
    /// The groups that they are in, up to five of the VPC. Default: the VPC's default group. AWS:
    /// `SecurityGroups`.
    #[prop(default)]
    pub security_groups: Vec<SecurityGroupId>,
    /// Whether they get public addresses, on Fargate alone. Default: they do not. AWS:
    /// `AssignPublicIp`.
    #[prop(default = Switch::Disabled)]
    pub assign_public_ip: Switch,
}

/// How tasks are spread over instances: rules that are followed one after the other.
#[props]
pub struct PlacementStrategy {
    /// What the rule does. AWS: `Type`.
    pub strategy_type: PlacementStrategyType,
    /// By what: `attribute:ecs.availability-zone` or `instanceId` to spread, `cpu` or `memory` to
    /// pack. Default: none, for `random`. AWS: `Field`.
    pub field: Option<String>,
}

impl PlacementStrategy {
    /// Spreads tasks evenly by an attribute of instances.
    pub fn spread(field: &str) -> Self {
        Self::new(PlacementStrategyType::Spread).field(field)
    }

    /// Fills one instance after the other by `cpu` or `memory`.
    pub fn binpack(field: &str) -> Self {
        Self::new(PlacementStrategyType::Binpack).field(field)
    }
}

/// What a rule of placement does.
#[props(words = "lower")]
pub enum PlacementStrategyType {
    /// It fills one instance after the other.
    Binpack,
    /// It takes any.
    Random,
    /// It spreads them evenly.
    Spread,
}

/// Which instances tasks may run on.
#[props]
pub struct PlacementConstraint {
    /// What must hold. AWS: `Type`.
    pub constraint_type: PlacementConstraintType,
    /// An expression of the cluster query language, up to 2000 characters, for `memberOf` alone.
    /// Default: none. AWS: `Expression`.
    pub expression: Option<String>,
}

/// What must hold of an instance.
#[props]
pub enum PlacementConstraintType {
    /// No other task of the same group runs there.
    #[prop("distinctInstance")]
    DistinctInstance,
    /// An expression holds.
    #[prop("memberOf")]
    MemberOf,
}
