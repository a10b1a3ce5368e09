//! AWS: iam CreateServiceLinkedRole, UpdateRole, GetRole, DeleteServiceLinkedRole.

use crate::{
    aws::{RoleArn, RoleName},
    props, resource,
};

/// The role that a service of AWS takes on by itself, whose name and permissions the service gives.
///
/// An account has one for each service. Most services make theirs when they are first used, by
/// whoever may do that; a program makes it where nobody may. AWS refuses to delete it while the
/// service has anything that uses it. What of it is the program's own should depend on the role
/// (`depends_on`): then it comes later and goes first, and nothing is tried in vain.
///
/// ```
/// use infra_core::{aws::iam::{LinkedService, ServiceLinkedRole}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let role = ServiceLinkedRole::named("ecs").aws_service_name(LinkedService::Ecs).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:iam:ServiceLinkedRole",
    key(aws_service_name, custom_suffix),
    create = "10s",
    delete = "30s"
)]
pub struct ServiceLinkedRole {
    /// The service. Changing it replaces the role. AWS: `AWSServiceName`.
    #[prop(replace)]
    pub aws_service_name: LinkedService,
    /// What tells it from another role of the service, where that may have several: Auto Scaling
    /// alone. Default: none. Changing it replaces the role. AWS: `CustomSuffix`.
    #[prop(replace)]
    pub custom_suffix: Option<String>,
    /// What it is for, up to 1000 characters. Default: what the service says. Changes in place. AWS:
    /// `Description`.
    pub description: Option<String>,
    /// The name that the service gave it. AWS: `RoleName`.
    #[output(at = exists)]
    pub role_name: RoleName,
    /// The ARN. AWS: `Arn`.
    #[output(at = exists)]
    pub arn: RoleArn,
}

/// A service that has a role of its own.
#[props]
pub enum LinkedService {
    /// Groups of instances.
    #[prop("autoscaling.amazonaws.com")]
    AutoScaling,
    /// Backups.
    #[prop("backup.amazonaws.com")]
    Backup,
    /// Containers.
    #[prop("ecs.amazonaws.com")]
    Ecs,
    /// The number of tasks.
    #[prop("ecs.application-autoscaling.amazonaws.com")]
    EcsScaling,
    /// Caches.
    #[prop("elasticache.amazonaws.com")]
    ElastiCache,
    /// Files.
    #[prop("elasticfilesystem.amazonaws.com")]
    ElasticFileSystem,
    /// Load balancers.
    #[prop("elasticloadbalancing.amazonaws.com")]
    ElasticLoadBalancing,
    /// Databases.
    #[prop("rds.amazonaws.com")]
    Rds,
    /// The number of a cluster's readers.
    #[prop("rds.application-autoscaling.amazonaws.com")]
    RdsScaling,
    /// Spare instances.
    #[prop("spot.amazonaws.com")]
    Spot,
}

impl LinkedService {
    /// What the service calls its role.
    #[must_use]
    pub fn role_name(self) -> &'static str {
        match self {
            Self::AutoScaling => "AWSServiceRoleForAutoScaling",
            Self::Backup => "AWSServiceRoleForBackup",
            Self::Ecs => "AWSServiceRoleForECS",
            Self::EcsScaling => "AWSServiceRoleForApplicationAutoScaling_ECSService",
            Self::ElastiCache => "AWSServiceRoleForElastiCache",
            Self::ElasticFileSystem => "AWSServiceRoleForAmazonElasticFileSystem",
            Self::ElasticLoadBalancing => "AWSServiceRoleForElasticLoadBalancing",
            Self::Rds => "AWSServiceRoleForRDS",
            Self::RdsScaling => "AWSServiceRoleForApplicationAutoScaling_RDSCluster",
            Self::Spot => "AWSServiceRoleForEC2Spot",
        }
    }
}
