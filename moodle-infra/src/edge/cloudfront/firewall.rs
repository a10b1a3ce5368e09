//! The firewall before CloudFront: who comes too often, and what looks like an attack.

use infra_core::{
    aws::wafv2::{
        AggregateKey, AllowAction, Condition, DefaultAction, IpAddressVersion, IpSet, LabelMatch,
        LabelScope, ManagedRuleGroup, ManagedRuleGroupStatement, RateBasedStatement, Rule,
        RuleAction, RuleActionOverride, Scope, VisibilityConfig, WebAcl,
    },
    prelude::*,
    types::IpNet,
};

use super::CloudFrontSettings;
use crate::edge::paths::EDITORS;

/// The region of all that WAF has for CloudFront.
const REGION: &str = "us-east-1";
/// Moodle's cookie of a session.
const SESSION: &str = "MoodleSession";
/// How many sessions one address may have at work outside the campus.
const SESSIONS: u32 = 10;
/// Over how many minutes requests are counted.
const MINUTES: u32 = 5;

/// Rules of AWS's groups that are about bodies, with the label that each gives. They read the first
/// 16 KB, and take for attacks what people write in editors: they only give their label, and
/// [`bodies`] refuses what has one and is for no editor.
const BODIES: [(ManagedRuleGroup, &str, &str); 6] = [
    (ManagedRuleGroup::Common, "CrossSiteScripting_BODY", "core-rule-set:CrossSiteScripting_Body"),
    (ManagedRuleGroup::Common, "GenericLFI_BODY", "core-rule-set:GenericLFI_Body"),
    (ManagedRuleGroup::Common, "GenericRFI_BODY", "core-rule-set:GenericRFI_Body"),
    (ManagedRuleGroup::Common, "EC2MetaDataSSRF_BODY", "core-rule-set:EC2MetaDataSSRF_Body"),
    (ManagedRuleGroup::Sqli, "SQLi_BODY", "sql-database:SQLi_Body"),
    (
        ManagedRuleGroup::Php,
        "PHPHighRiskMethodsVariables_BODY",
        "php-app:PHPHighRiskMethodsVariables_Body",
    ),
];

/// Rules that refuse what every site of Moodle gets: files of more than 8 KB, and the long names of
/// scripts that are asked for together.
const SIZES: [&str; 2] = ["SizeRestrictions_BODY", "SizeRestrictions_QUERYSTRING"];

/// The groups of AWS that are asked.
const GROUPS: [(&str, ManagedRuleGroup); 5] = [
    ("reputation", ManagedRuleGroup::AmazonIpReputation),
    ("known-bad", ManagedRuleGroup::KnownBadInputs),
    ("common", ManagedRuleGroup::Common),
    ("sql", ManagedRuleGroup::Sqli),
    ("php", ManagedRuleGroup::Php),
];

pub(super) fn create(stack: &Stack, of: &CloudFrontSettings) -> WebAcl {
    let region = ComponentOptions::default().provider(Provider::aws(REGION));
    let stack = &stack.component_with("firewall", region);
    let campus = (!of.campus.is_empty()).then(|| {
        IpSet::named("campus")
            .scope(Scope::Cloudfront)
            .ip_address_version(IpAddressVersion::Ipv4)
            .addresses(of.campus.iter().copied().map(IpNet::V4).collect::<Vec<_>>())
            .create(stack)
    });
    let mut rules = limits(of.requests_per_minute, campus.as_ref());
    for ((name, group), priority) in GROUPS.into_iter().zip(10..) {
        rules.push(Rule::group(name, priority, asked(group)));
    }
    rules.push(bodies(20));
    WebAcl::named("site")
        .scope(Scope::Cloudfront)
        .default_action(DefaultAction::allow(AllowAction::new()))
        .rules(rules)
        .visibility_config(VisibilityConfig::new("site"))
        .create(stack)
}

/// Sessions that ask for too much, wherever they are, and addresses outside the campus.
fn limits(requests_per_minute: u32, campus: Option<&IpSet>) -> Vec<Rule> {
    let most = requests_per_minute.saturating_mul(MINUTES).max(10);
    let sessions = RateBasedStatement::new(most, AggregateKey::by_cookie(SESSION));
    let addresses = RateBasedStatement::new(most.saturating_mul(SESSIONS), AggregateKey::address());
    let addresses = match campus {
        Some(campus) => {
            addresses.scope_down_statement(Condition::not(Condition::from(campus.arn())))
        }
        None => addresses,
    };
    vec![Rule::too_many("sessions", 0, sessions), Rule::too_many("addresses", 1, addresses)]
}

/// A group of AWS's rules, of which those about bodies and sizes count alone.
fn asked(group: ManagedRuleGroup) -> ManagedRuleGroupStatement {
    let bodies = BODIES.iter().filter(|(of, ..)| *of == group).map(|(_, rule, _)| *rule);
    let sizes = SIZES.into_iter().filter(|_| group == ManagedRuleGroup::Common);
    let counted: Vec<RuleActionOverride> =
        bodies.chain(sizes).map(RuleActionOverride::count).collect();
    ManagedRuleGroupStatement::new(group).rule_action_overrides(counted)
}

/// Refuses bodies that look like an attack and are sent to no editor: where nobody has logged in.
fn bodies(priority: u32) -> Rule {
    let labelled = BODIES.map(|(_, _, label)| {
        let label = format!("awswaf:managed:aws:{label}");
        Condition::label_match(LabelMatch::new(LabelScope::Label, label))
    });
    let editors = EDITORS.map(Condition::path_begins);
    let attacks = Condition::and([Condition::or(labelled), Condition::not(Condition::or(editors))]);
    Rule::when("bodies", priority, attacks, RuleAction::refuse())
}
