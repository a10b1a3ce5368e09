//! AWS: elasticloadbalancing CreateRule, ModifyRule, SetRulePriorities, AddTags, DescribeRules,
//! DeleteRule.

use super::{Action, RuleCondition};
use crate::{
    aws::{ListenerArn, ListenerRuleArn},
    prelude::*,
    props, resource,
};

/// What a listener of an application load balancer does with some of its requests.
///
/// Rules are tried by their priority, the lowest first; the first one whose conditions all hold is
/// the one that counts. Two rules can swap their priorities: one of them is deleted first and made
/// anew, since a priority belongs to one rule at a time.
///
/// ```
/// use infra_core::{
///     aws::{ListenerArn, TargetGroupArn, elbv2::{Action, ListenerRule, PathPattern, RuleCondition}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let https = ListenerArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65").unwrap();
/// # let files = TargetGroupArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/files/6d0ecf831eec9f09").unwrap();
/// ListenerRule::named("files")
///     .listener_arn(https)
///     .priority(10_u32)
///     .conditions([RuleCondition::path_pattern(PathPattern::new().values(["/pluginfile.php/*"]))])
///     .actions([Action::to(files)])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
// A target group belongs to one load balancer: an old rule goes before it can move to a new one.
#[resource(
    "aws:elbv2:ListenerRule",
    unique(listener_arn, priority),
    delete_first,
    create = "1s",
    delete = "1s"
)]
pub struct ListenerRule {
    /// The listener. Changing it replaces the rule. AWS: `ListenerArn`.
    #[prop(replace, owner)]
    pub listener_arn: ListenerArn,
    /// Its place among the listener's rules, 1 to 50,000, the lowest first; no two rules have the
    /// same. Changes in place. AWS: SetRulePriorities, `Priority`.
    pub priority: u32,
    /// What must hold: all of them. Change in place. AWS: `Conditions`.
    pub conditions: Vec<RuleCondition>,
    /// What happens then. Change in place. AWS: `Actions`.
    pub actions: Vec<Action>,
    /// How requests are rewritten before they go to targets, one of each kind. Default: not at all.
    /// Change in place. AWS: `Transforms`.
    #[prop(default)]
    pub transforms: Vec<Transform>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `RuleArn`.
    #[output(
        id,
        arn = "arn:aws:elasticloadbalancing:{region}:{account}:listener-rule/{listener_arn>listener/}/{random}",
        at = exists
    )]
    pub rule_arn: ListenerRuleArn,
}

/// How a request is rewritten before it goes to a target.
#[props]
pub enum Transform {
    /// Its `Host` header. AWS: `host-header-rewrite`.
    HostHeaderRewrite(Rewrite),
    /// Its path and query. AWS: `url-rewrite`.
    UrlRewrite(Rewrite),
}

/// What is looked for, and what stands there afterwards.
#[props]
pub struct Rewrite {
    /// A regular expression, up to 1024 characters. AWS: `Regex`.
    pub regex: String,
    /// What stands in its place, with `$1` for its first group, up to 1024 characters. AWS:
    /// `Replace`.
    pub replace: String,
}
