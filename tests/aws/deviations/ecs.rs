//! Of `ecs`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:AccountSetting",
        what: "create",
        aws: "a default of the account can be set (ecs PutAccountSettingDefault)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:AccountSetting",
        what: "destroyed",
        aws: "a default of the account can be set (ecs PutAccountSettingDefault)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:CapacityProvider",
        what: "update managed_draining",
        aws: "it changes (ecs UpdateCapacityProvider, `managedDraining`)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:Service",
        what: "capacity_provider_strategy",
        aws: "it is told (ecs DescribeServices, `capacityProviderStrategy`)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:Service",
        what: "deployment_configuration",
        aws: "it is told (ecs DescribeServices, `deploymentConfiguration`)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:TaskDefinition",
        what: "update enable_fault_injection",
        aws: "it is told (ecs DescribeTaskDefinition, `enableFaultInjection`)",
    },
    // It says that a setting is enabled which nobody has set.
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecs:AccountSetting",
        what: "create",
        aws: "new accounts have it disabled (ECS guide, account settings, `awsvpcTrunking`)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:RunTask",
        what: "create",
        aws: "no instance is a refusal, no failure of the server (ecs RunTask, Errors)",
    },
    // Without Docker its tasks run for ever.
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecs:RunTask",
        what: "create",
        aws: "a task stops when an essential container does (ECS guide, task lifecycle)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecs:RunTask",
        what: "destroyed",
        aws: "a task stops when an essential container does (ECS guide, task lifecycle)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecs:CapacityProvider",
        what: "managed_draining",
        aws: "AutoScalingGroupProvider tells the managedDraining that CreateCapacityProvider was given",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:Cluster",
        what: "create",
        aws: "GetBucketVersioning of the bucket of its logs is answered with VersioningConfiguration",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ecs:TaskDefinition",
        what: "create",
        aws: "has DescribeReplicationConfigurations, of the file system that it mounts",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ecs:TaskDefinition",
        what: "create",
        aws: "AccessPointDescription of the files that it mounts has no PosixUser where CreateAccessPoint was given none",
    },
];
