//! AWS: ec2 CreateFlowLogs, CreateTags, DescribeFlowLogs, DeleteFlowLogs.

mod field;

pub use field::FlowLogField;

use crate::{
    aws::{BucketArn, FlowLogId, LogGroupName, NetworkInterfaceId, RoleArn, SubnetId, VpcId},
    prelude::*,
    props, resource,
};

/// A log of who talked to whom in a network, and of what was refused. It holds addresses and
/// amounts, no content.
///
/// Nothing but tags can be changed: another log takes its place. Where both would tell the same
/// traffic to the same place, the old one goes first.
///
/// ```
/// use infra_core::{
///     aws::{
///         ec2::{FlowLog, FlowLogDestination, FlowLogResource, S3FlowLogs, TrafficType, Vpc},
///         s3::Bucket,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(&stack);
/// let logs = Bucket::named("logs").create(&stack);
/// FlowLog::named("refused")
///     .resource(FlowLogResource::whole_vpc(&vpc))
///     .traffic_type(TrafficType::Reject)
///     .destination(FlowLogDestination::s3(S3FlowLogs::new(logs.arn()).prefix("network")))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:FlowLog",
    find = token,
    unique(resource, destination),
    create = "1s",
    delete = "1s"
)]
pub struct FlowLog {
    /// Whose traffic is told. Changing it replaces the log. AWS: `ResourceType` and `ResourceIds`.
    #[prop(replace, owner)]
    pub resource: FlowLogResource,
    /// Where it goes. Changing it replaces the log. AWS: `LogDestinationType`, `LogDestination`,
    /// `LogGroupName` and `DestinationOptions`.
    // A log that outlives its log group makes another one of that name: what it writes to goes last.
    #[prop(replace)]
    pub destination: FlowLogDestination,
    /// Which traffic. Default: all. Changing it replaces the log. AWS: `TrafficType`.
    #[prop(default = TrafficType::All, replace)]
    pub traffic_type: TrafficType,
    /// What each line has, in this order. Default: AWS's fields of version 2, in their order.
    /// Changing it replaces the log. AWS: `LogFormat`.
    #[prop(replace)]
    pub log_format: Option<Vec<FlowLogField>>,
    /// Over how long traffic is added up before it is told. Default: ten minutes. Changing it
    /// replaces the log. AWS: `MaxAggregationInterval`.
    #[prop(default = AggregationInterval::TenMinutes, replace)]
    pub max_aggregation_interval: AggregationInterval,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `FlowLogId`.
    #[output(id = "fl-", at = exists)]
    pub flow_log_id: FlowLogId,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}", at = exists)]
    pub arn: String,
}

/// Whose traffic is told.
#[props]
pub enum FlowLogResource {
    /// That of all interfaces in a VPC.
    WholeVpc(VpcId),
    /// That of all interfaces in a subnet.
    WholeSubnet(SubnetId),
    /// That of one interface.
    OneInterface(NetworkInterfaceId),
}

/// Where the log goes.
#[props]
pub enum FlowLogDestination {
    /// To a log group: searchable at once, and dear.
    CloudWatchLogs(CloudWatchFlowLogs),
    /// To a bucket, as files: cheap, and for later.
    S3(S3FlowLogs),
}

/// A log group that gets the log.
#[props]
pub struct CloudWatchFlowLogs {
    /// The group. AWS: `LogGroupName`.
    pub log_group_name: LogGroupName,
    /// The role that may write there; `vpc-flow-logs.amazonaws.com` takes it on. AWS:
    /// `DeliverLogsPermissionArn`.
    #[prop(needs = ready)]
    pub deliver_logs_permission_arn: RoleArn,
}

/// A bucket that gets the log. AWS adds to its policy what it needs, where no policy was written.
#[props]
pub struct S3FlowLogs {
    /// The bucket. AWS: `LogDestination`.
    pub bucket_arn: BucketArn,
    /// The folder, without a slash at its ends. Default: none. AWS: `LogDestination`, behind the
    /// bucket.
    pub prefix: Option<String>,
    /// Plain text or Parquet, which queries read for a tenth. Default: plain text. AWS:
    /// `DestinationOptions`, `FileFormat`.
    #[prop(default = FlowLogFileFormat::PlainText)]
    pub file_format: FlowLogFileFormat,
    /// Whether folders are named as Hive wants them: `year=2026/`. Default: false. AWS:
    /// `DestinationOptions`, `HiveCompatiblePartitions`.
    #[prop(default = false)]
    pub hive_compatible_partitions: bool,
    /// Whether there is a folder for each hour, not for each day. Default: false. AWS:
    /// `DestinationOptions`, `PerHourPartition`.
    #[prop(default = false)]
    pub per_hour_partition: bool,
}

/// The form of files in a bucket.
#[props(words = "kebab")]
pub enum FlowLogFileFormat {
    /// Lines of text, compressed.
    PlainText,
    /// Columns, compressed.
    Parquet,
}

/// Which traffic is told.
#[props(words = "UPPER")]
pub enum TrafficType {
    /// What was let through.
    Accept,
    /// What was refused.
    Reject,
    /// Both.
    All,
}

/// Over how long traffic is added up.
#[props]
pub enum AggregationInterval {
    /// A minute.
    #[prop("60")]
    Minute,
    /// Ten minutes.
    #[prop("600")]
    TenMinutes,
}
