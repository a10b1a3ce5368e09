//! AWS: ecs CreateCluster, UpdateCluster, UpdateClusterSettings, TagResource, DescribeClusters,
//! DeleteCluster.

use crate::{
    aws::{BucketName, ClusterArn, ClusterName, KmsKeyArn, LogGroupName},
    prelude::*,
    props, resource,
};

/// Where tasks run: a name under which instances register, and services are kept running.
///
/// Instances register by themselves, by `ECS_CLUSTER` in their user data. Write it with the
/// cluster's name as an output, so that instances start after the cluster is there, and are gone
/// before it goes: AWS deletes no cluster with instances.
///
/// ```
/// use infra_core::{
///     aws::{ec2::LaunchTemplateData, ecs::{Cluster, ContainerInsights}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let cluster =
///     Cluster::named("web").container_insights(ContainerInsights::Enhanced).create(&stack);
/// let data = LaunchTemplateData::new().user_data(interpolate!(
///     "#!/bin/sh\necho ECS_CLUSTER={} >> /etc/ecs/ecs.config\n",
///     cluster.cluster_name()
/// ));
/// # let _ = data;
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ecs:Cluster", create = "5s", delete = "5s")]
pub struct Cluster {
    /// The name, up to 255 letters, digits, `_` and `-`. Default: made up from project, stack and
    /// name. Changing it replaces the cluster. AWS: `ClusterName`.
    #[prop(id, replace, name(255, word))]
    pub cluster_name: Option<ClusterName>,
    /// Which figures CloudWatch gets of tasks and containers. Default: as the account says; none
    /// where it says nothing. Changes in place. AWS: `ClusterSettings`, `containerInsights`.
    pub container_insights: Option<ContainerInsights>,
    /// How commands in containers are logged, and how disks are encrypted. Default: AWS's own.
    /// Changes in place. AWS: `Configuration`.
    pub configuration: Option<ClusterConfiguration>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:ecs:{region}:{account}:cluster/{id}", at = exists)]
    pub arn: ClusterArn,
}

/// Which figures CloudWatch gets of tasks and containers.
#[props(words = "lower")]
pub enum ContainerInsights {
    /// Of every task and container; paid for by the figure.
    Enhanced,
    /// Of services and the cluster.
    Enabled,
    /// Those that cost nothing.
    Disabled,
}

/// How commands in containers are logged, and how disks are encrypted.
#[props]
pub struct ClusterConfiguration {
    /// Commands that people run in containers (ECS Exec). Default: logged as the container is. AWS:
    /// `ExecuteCommandConfiguration`.
    pub execute_command_configuration: Option<ExecuteCommandConfiguration>,
    /// Disks of tasks. Default: encrypted with AWS's own keys. AWS:
    /// `ManagedStorageConfiguration`.
    pub managed_storage_configuration: Option<ManagedStorageConfiguration>,
}

/// Commands that people run in containers.
#[props]
pub struct ExecuteCommandConfiguration {
    /// The key that encrypts the connection. Default: none beside TLS. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
    /// Where they are logged. Default: as the container is. AWS: `Logging`.
    #[prop(default = ExecuteCommandLogging::Default)]
    pub logging: ExecuteCommandLogging,
    /// Where, with `override` alone. Default: none. AWS: `LogConfiguration`.
    pub log_configuration: Option<ExecuteCommandLogConfiguration>,
}

/// Where commands in containers are logged.
#[props(words = "UPPER")]
pub enum ExecuteCommandLogging {
    /// As the container is.
    Default,
    /// Nowhere.
    None,
    /// Elsewhere.
    Override,
}

/// Where commands in containers are logged: a log group, a bucket, or both.
#[props]
pub struct ExecuteCommandLogConfiguration {
    /// The log group. Default: none. AWS: `CloudWatchLogGroupName`.
    pub cloud_watch_log_group_name: Option<LogGroupName>,
    /// Whether the log group must be encrypted. Default: false. AWS: `CloudWatchEncryptionEnabled`.
    #[prop(default = false)]
    pub cloud_watch_encryption_enabled: bool,
    /// The bucket. Default: none. AWS: `S3BucketName`.
    pub s3_bucket_name: Option<BucketName>,
    /// Whether the bucket must be encrypted. Default: false. AWS: `S3EncryptionEnabled`.
    #[prop(default = false)]
    pub s3_encryption_enabled: bool,
    /// What objects' names begin with. Default: nothing. AWS: `S3KeyPrefix`.
    pub s3_key_prefix: Option<String>,
}

/// How disks of tasks are encrypted.
#[props]
pub struct ManagedStorageConfiguration {
    /// The key of volumes. Default: AWS's own. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
    /// The key of Fargate's disks. Default: AWS's own. AWS: `FargateEphemeralStorageKmsKeyId`.
    pub fargate_ephemeral_storage_kms_key_id: Option<KmsKeyArn>,
}
