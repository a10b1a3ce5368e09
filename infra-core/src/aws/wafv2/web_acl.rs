//! AWS: wafv2 CreateWebACL, UpdateWebACL, TagResource, GetWebACL, CheckCapacity, DeleteWebACL.

use std::collections::BTreeMap;

use super::{
    BlockAction, Condition, CustomResponseBody, DefaultAction, ManagedRuleGroup,
    ManagedRuleGroupStatement, RateBasedStatement, RuleAction,
};
use crate::{aws::WebAclArn, prelude::*, props, resource};

/// Rules that requests are held against before they reach a load balancer or a distribution.
///
/// Rules are asked by their priority, the lowest first, until one allows or refuses.
///
/// ```
/// use infra_core::{
///     aws::wafv2::{
///         AggregateKey, AllowAction, Condition, DefaultAction, ManagedRuleGroup,
///         ManagedRuleGroupStatement, RateBasedStatement, Rule, RuleActionOverride,
///         VisibilityConfig, WebAcl,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let common = ManagedRuleGroupStatement::new(ManagedRuleGroup::Common)
///     .rule_action_overrides([RuleActionOverride::count("SizeRestrictions_BODY")])
///     .scope_down_statement(Condition::not(Condition::path_begins("/course/")));
/// let flood = RateBasedStatement::new(2000_u32, AggregateKey::by_cookie("MoodleSession"));
/// let acl = WebAcl::named("site")
///     .default_action(DefaultAction::allow(AllowAction::new()))
///     .rules([Rule::group("common", 10_u32, common), Rule::too_many("flood", 20_u32, flood)])
///     .visibility_config(VisibilityConfig::new("site"))
///     .create(&stack);
/// stack.output("capacity", acl.capacity());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:wafv2:WebAcl",
    key(name, scope),
    find = name,
    create = "10s",
    update = "10s",
    delete = "2s"
)]
pub struct WebAcl {
    /// The name, up to 128 letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the ACL. AWS: `Name`.
    #[prop(replace, name(128, hyphens))]
    pub name: Option<String>,
    /// What it protects: distributions of CloudFront, for which it stands in us-east-1, or load
    /// balancers of the region. Default: those of the region. Changing it replaces the ACL. AWS:
    /// `Scope`.
    #[prop(default = Scope::Regional, replace)]
    pub scope: Scope,
    /// What it is for, up to 256 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// What happens to requests that no rule allows or refuses. Changes in place. AWS:
    /// `DefaultAction`.
    pub default_action: DefaultAction,
    /// The rules. Default: none. Change in place. AWS: `Rules`.
    #[prop(default)]
    pub rules: Vec<Rule>,
    /// What is told of requests that no rule matched. Changes in place. AWS: `VisibilityConfig`.
    pub visibility_config: VisibilityConfig,
    /// Bodies that refused requests are answered with, by the key that rules name. Default: none.
    /// Change in place. AWS: `CustomResponseBodies`.
    #[prop(default)]
    pub custom_response_bodies: BTreeMap<String, CustomResponseBody>,
    /// How much of a body is read, for CloudFront alone; load balancers have 8 KB read. More than
    /// 16 KB has a price. Default: 16 KB. Changes in place. AWS: `AssociationConfig.RequestBody`.
    pub body_inspection_limit: Option<BodyInspectionLimit>,
    /// For how long a solved puzzle is good, 60 to 259,200 s. Default: 300 s. Changes in place.
    /// AWS: `CaptchaConfig.ImmunityTimeProperty`.
    pub captcha_immunity_time: Option<Seconds>,
    /// For how long a tested browser is good, 300 to 259,200 s. Default: 300 s. Changes in place.
    /// AWS: `ChallengeConfig.ImmunityTimeProperty`.
    pub challenge_immunity_time: Option<Seconds>,
    /// Further domains for which a solved puzzle is good. Default: that of the request alone.
    /// Change in place. AWS: `TokenDomains`.
    #[prop(default, set)]
    pub token_domains: Vec<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(
        arn = "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{random:8}-{random:4}-{random:4}-{random:4}-{random:12}",
        at = exists
    )]
    pub arn: WebAclArn,
    /// What AWS calls its id, beside name and scope. AWS: `Id`.
    #[output(at = exists)]
    pub web_acl_id: String,
    /// What its labels begin with. AWS: `LabelNamespace`.
    #[output(at = exists)]
    pub label_namespace: String,
    /// What its rules cost, in web ACL capacity units (WCU): up to 1500 are in the price, 5000 are
    /// possible. AWS: `Capacity`.
    #[output(at = exists, changes_with(rules))]
    pub capacity: u32,
}

/// What an ACL or a set is for.
#[props(words = "UPPER")]
pub enum Scope {
    /// Distributions of CloudFront; it stands in us-east-1.
    Cloudfront,
    /// Load balancers of its region.
    Regional,
}

/// A rule of an ACL.
#[props]
pub struct Rule {
    /// The name, up to 128 letters, digits, `-` and `_`, unique in the ACL. AWS: `Name`.
    pub name: String,
    /// Its place among the rules, unique in the ACL: the lowest is asked first. AWS: `Priority`.
    pub priority: u32,
    /// When it matches. AWS: `Statement`.
    pub statement: Statement,
    /// What is told of requests that it matched. AWS: `VisibilityConfig`.
    pub visibility_config: VisibilityConfig,
    /// What happens then; not of a group of rules. AWS: `Action`.
    pub action: Option<RuleAction>,
    /// Of a group of rules: whether they do what they say, or count alone. AWS: `OverrideAction`.
    pub override_action: Option<OverrideAction>,
    /// Labels that the request gets, for rules behind this one. Default: none. AWS: `RuleLabels`.
    #[prop(default)]
    pub rule_labels: Vec<String>,
}

impl Rule {
    /// A rule with a metric of its name.
    pub fn when(name: &str, priority: u32, condition: Condition, action: RuleAction) -> Self {
        let statement = Statement::when(condition);
        Self::new(name, priority, statement, VisibilityConfig::new(name)).action(action)
    }

    /// A group of rules that do what they say, with a metric of this name.
    pub fn group(name: &str, priority: u32, group: ManagedRuleGroupStatement) -> Self {
        let statement = Statement::managed_rule_group(group);
        Self::new(name, priority, statement, VisibilityConfig::new(name))
            .override_action(OverrideAction::None)
    }

    /// All of a group of rules, as AWS has them.
    pub fn managed(name: &str, priority: u32, group: ManagedRuleGroup) -> Self {
        Self::group(name, priority, ManagedRuleGroupStatement::new(group))
    }

    /// Refuses what is too much, with a metric of this name.
    pub fn too_many(name: &str, priority: u32, rate: RateBasedStatement) -> Self {
        let statement = Statement::rate_based(rate);
        Self::new(name, priority, statement, VisibilityConfig::new(name))
            .action(RuleAction::block(BlockAction::new()))
    }
}

/// When a rule matches.
#[props]
pub enum Statement {
    /// When a rule does that AWS keeps. AWS: `ManagedRuleGroupStatement`.
    ManagedRuleGroup(ManagedRuleGroupStatement),
    /// When there are too many requests. AWS: `RateBasedStatement`.
    RateBased(RateBasedStatement),
    /// When something holds of the request.
    When(Condition),
}

/// Whether the rules of a group do what they say.
#[props]
pub enum OverrideAction {
    /// They do.
    #[prop("NONE")]
    None,
    /// They count alone.
    #[prop("COUNT")]
    Count,
}

/// What is told of requests.
#[props]
pub struct VisibilityConfig {
    /// The metric of CloudWatch, up to 128 letters, digits and `#:.-/_`. AWS: `MetricName`.
    pub metric_name: String,
    /// Whether there is such a metric. Default: true. AWS: `CloudWatchMetricsEnabled`.
    #[prop(default = true)]
    pub cloud_watch_metrics_enabled: bool,
    /// Whether AWS keeps some of the requests for three hours. Default: true. AWS:
    /// `SampledRequestsEnabled`.
    #[prop(default = true)]
    pub sampled_requests_enabled: bool,
}

/// How much of a body is read.
#[props]
pub enum BodyInspectionLimit {
    /// 16 KB.
    #[prop("KB_16")]
    Kb16,
    /// 32 KB.
    #[prop("KB_32")]
    Kb32,
    /// 48 KB.
    #[prop("KB_48")]
    Kb48,
    /// 64 KB.
    #[prop("KB_64")]
    Kb64,
}
