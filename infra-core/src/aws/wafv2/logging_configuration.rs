//! AWS: wafv2 PutLoggingConfiguration, GetLoggingConfiguration, DeleteLoggingConfiguration.

use super::Whole;
use crate::{aws::WebAclArn, props, resource};

/// Where a [`WebAcl`](super::WebAcl) writes what it saw.
///
/// ```
/// use infra_core::{
///     aws::{WebAclArn, logs::LogGroup, wafv2::LoggingConfiguration},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let acl = WebAclArn::parse("arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/site/1234abcd").unwrap();
/// let logs = LogGroup::named("waf").log_group_name("aws-waf-logs-campus").create(&stack);
/// LoggingConfiguration::named("site")
///     .resource_arn(acl)
///     .log_destination(logs.arn())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:wafv2:LoggingConfiguration",
    key(resource_arn),
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct LoggingConfiguration {
    /// The ACL, which has one. Changing it replaces the configuration. AWS: `ResourceArn`.
    #[prop(replace, owner)]
    pub resource_arn: WebAclArn,
    /// The ARN of a log group, a bucket or a stream of Firehose, whose name begins with
    /// `aws-waf-logs-`; log groups and streams of the ACL's region. `:*` at its end says nothing.
    /// Changes in place. AWS:
    /// `LogDestinationConfigs`, which has one.
    pub log_destination: String,
    /// What of requests is not written down. Default: all is. Changes in place. AWS:
    /// `RedactedFields`.
    #[prop(default)]
    pub redacted_fields: Vec<RedactedField>,
    /// Which requests are written down. Default: all. Changes in place. AWS: `LoggingFilter`.
    pub logging_filter: Option<LoggingFilter>,
}

/// What of a request is not written down.
#[props]
pub enum RedactedField {
    /// The header of a name, such as `cookie`. AWS: `SingleHeader`.
    SingleHeader(String),
    /// The path. AWS: `UriPath`.
    UriPath(Whole),
    /// What stands behind the question mark. AWS: `QueryString`.
    QueryString(Whole),
    /// The method. AWS: `Method`.
    Method(Whole),
}

/// Which requests are written down.
#[props]
pub struct LoggingFilter {
    /// What happens to those that no filter is about. AWS: `DefaultBehavior`.
    pub default_behavior: FilterBehavior,
    /// The first that fits decides. AWS: `Filters`.
    pub filters: Vec<LogFilter>,
}

/// Whether requests are written down.
#[props]
pub struct LogFilter {
    /// Whether those that it fits are. AWS: `Behavior`.
    pub behavior: FilterBehavior,
    /// Whether all conditions must hold. AWS: `Requirement`.
    pub requirement: FilterRequirement,
    /// What must hold. AWS: `Conditions`.
    pub conditions: Vec<LogCondition>,
}

/// Whether a request is written down.
#[props(words = "UPPER")]
pub enum FilterBehavior {
    /// It is.
    Keep,
    /// It is not.
    Drop,
}

/// How many conditions must hold.
#[props]
pub enum FilterRequirement {
    /// All.
    #[prop("MEETS_ALL")]
    All,
    /// One.
    #[prop("MEETS_ANY")]
    Any,
}

/// What holds of a request that was looked at.
#[props]
pub enum LogCondition {
    /// A rule did this. AWS: `ActionCondition`.
    Action(LoggedAction),
    /// It has this label, in full. AWS: `LabelNameCondition`.
    Label(String),
}

/// What a rule did.
#[props]
pub enum LoggedAction {
    /// It let the request through.
    #[prop("ALLOW")]
    Allow,
    /// It refused it.
    #[prop("BLOCK")]
    Block,
    /// It counted it.
    #[prop("COUNT")]
    Count,
    /// It asked for a puzzle.
    #[prop("CAPTCHA")]
    Captcha,
    /// It tested the browser.
    #[prop("CHALLENGE")]
    Challenge,
    /// A rule of a group would have done something else, and was told to count.
    #[prop("EXCLUDED_AS_COUNT")]
    ExcludedAsCount,
}
