//! AWS: logs CreateLogGroup, PutRetentionPolicy, DeleteRetentionPolicy, AssociateKmsKey,
//! DisassociateKmsKey, PutLogGroupDeletionProtection, TagResource, DescribeLogGroups,
//! DeleteLogGroup.

use crate::{
    aws::{KmsKeyArn, LogGroupName},
    prelude::*,
    props, resource,
};

/// A group of log streams with one retention.
///
/// It holds data: logs go with their group, and nothing brings them back.
///
/// ```
/// use infra_core::{aws::logs::{LogGroup, Retention}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let logs = LogGroup::named("moodle").retention_in_days(Retention::Days90).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:logs:LogGroup",
    create = "1s",
    holds_data,
    protection(deletion_protection_enabled = false)
)]
pub struct LogGroup {
    /// The name, up to 512 letters, digits and `/._-#`. Default: made up from project, stack and
    /// name. Changing it replaces the group. AWS: `LogGroupName`.
    #[prop(id, replace, name(512, path))]
    pub log_group_name: Option<LogGroupName>,
    /// What it costs and can do. Default: standard. Changing it replaces the group: AWS has no call
    /// that changes it. AWS: `LogGroupClass`.
    #[prop(default = LogGroupClass::Standard, replace)]
    pub log_group_class: LogGroupClass,
    /// How long events are kept. Default: for ever. Changes in place; a shorter one deletes older
    /// events within days. AWS: PutRetentionPolicy, `RetentionInDays`.
    #[prop(separate)]
    pub retention_in_days: Option<Retention>,
    /// The key that encrypts events; its policy must let the service use it. Default: a key of the
    /// service. Changes in place, for events from then on. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
    /// Whether AWS refuses to delete the group. Default: false. Changes in place. AWS:
    /// PutLogGroupDeletionProtection, `DeletionProtectionEnabled`.
    #[prop(default = false, separate)]
    pub deletion_protection_enabled: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN with `:*` behind it, which policies need that speak of the group's streams. AWS:
    /// `Arn`.
    #[output(arn = "arn:aws:logs:{region}:{account}:log-group:{id}:*", at = exists)]
    pub arn: String,
}

/// What a log group costs and can do.
#[props(words = "UPPER")]
pub enum LogGroupClass {
    /// Everything.
    Standard,
    /// Half the price, without metric filters, subscriptions and live tail.
    InfrequentAccess,
    /// Only passed on to S3 or Firehose, and kept for two days.
    Delivery,
}

/// How long events are kept; AWS takes these numbers of days alone.
#[props]
pub enum Retention {
    /// One day.
    #[prop("1")]
    Days1,
    /// Three days.
    #[prop("3")]
    Days3,
    /// Five days.
    #[prop("5")]
    Days5,
    /// One week.
    #[prop("7")]
    Days7,
    /// Two weeks.
    #[prop("14")]
    Days14,
    /// A month.
    #[prop("30")]
    Days30,
    /// Two months.
    #[prop("60")]
    Days60,
    /// Three months.
    #[prop("90")]
    Days90,
    /// Four months.
    #[prop("120")]
    Days120,
    /// Five months.
    #[prop("150")]
    Days150,
    /// Six months.
    #[prop("180")]
    Days180,
    /// A year.
    #[prop("365")]
    Days365,
    /// Thirteen months.
    #[prop("400")]
    Days400,
    /// Eighteen months.
    #[prop("545")]
    Days545,
    /// Two years.
    #[prop("731")]
    Days731,
    /// Three years.
    #[prop("1096")]
    Days1096,
    /// Five years.
    #[prop("1827")]
    Days1827,
    /// Six years.
    #[prop("2192")]
    Days2192,
    /// Seven years.
    #[prop("2557")]
    Days2557,
    /// Eight years.
    #[prop("2922")]
    Days2922,
    /// Nine years.
    #[prop("3288")]
    Days3288,
    /// Ten years.
    #[prop("3653")]
    Days3653,
}
