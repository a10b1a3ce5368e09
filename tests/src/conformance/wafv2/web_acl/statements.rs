//! Statements that AWS refuses.

use crate::conformance::Refused;
use infra_core::{
    aws::wafv2::{
        AggregateKey, BotControl, BotInspectionLevel, ByteMatch, ComparisonOperator, Condition,
        FieldToMatch, GeoMatch, IpAddressVersion, IpSet, LabelMatch, LabelScope, ManagedRuleGroup,
        ManagedRuleGroupStatement, MatchPattern, MatchScope, OversizeHandling, Pairs,
        PositionalConstraint, RateBasedStatement, RateKey, RegexMatch, Rule, RuleAction,
        RuleActionOverride, SizeConstraint, TextTransformation, Whole,
    },
    prelude::*,
};

use super::rules;

fn group(stack: &Stack, group: ManagedRuleGroupStatement) {
    rules(stack, [Rule::group("group", 10, group)]);
}

fn rate(stack: &Stack, limit: u32, key: AggregateKey) {
    rules(stack, [Rule::too_many("flood", 10, RateBasedStatement::new(limit, key))]);
}

fn when(stack: &Stack, condition: Condition) {
    rules(stack, [Rule::when("rule", 10, condition, RuleAction::refuse())]);
}

const fn refused(build: fn(&Stack), says: &'static str) -> Refused {
    Refused { property: "rules[0].statement", build, says }
}

pub(super) const REFUSED_STATEMENTS: &[Refused] = &[
    refused(
        |stack| group(stack, ManagedRuleGroupStatement::new(ManagedRuleGroup::BotControl)),
        "needs `bot_control`",
    ),
    refused(
        |stack| {
            let bots = BotControl::new(BotInspectionLevel::Common);
            let php = ManagedRuleGroupStatement::new(ManagedRuleGroup::Php).bot_control(bots);
            group(stack, php);
        },
        "has `bot_control`, which AWSManagedRulesPHPRuleSet does not take",
    ),
    refused(
        |stack| {
            let common = ManagedRuleGroupStatement::new(ManagedRuleGroup::Common);
            let twice = ["SizeRestrictions_BODY"; 2].map(RuleActionOverride::count);
            group(stack, common.rule_action_overrides(twice));
        },
        "overrides the rule SizeRestrictions_BODY twice",
    ),
    refused(
        |stack| {
            let nothing = Condition::and([Condition::path_begins("/")]);
            let php = ManagedRuleGroupStatement::new(ManagedRuleGroup::Php);
            group(stack, php.scope_down_statement(Condition::not(nothing)));
        },
        "joins 1 condition; two at least are needed",
    ),
    refused(
        |stack| rate(stack, 9, AggregateKey::address()),
        "has a `limit` of 9; 10 to 2000000000 are allowed",
    ),
    refused(
        |stack| {
            let rate = RateBasedStatement::new(100_u32, AggregateKey::address());
            rules(stack, [Rule::too_many("flood", 10, rate.evaluation_window(Seconds(90)))]);
        },
        "has an `evaluation_window` of 90 s, not 60, 120, 300 or 600 s",
    ),
    refused(
        |stack| rate(stack, 100, AggregateKey::constant(Whole::new())),
        "counts all together, and needs a `scope_down_statement`",
    ),
    refused(
        |stack| rate(stack, 100, AggregateKey::custom_keys(Vec::<RateKey>::new())),
        "has 0 keys; 1 to 5 are allowed",
    ),
    refused(
        |stack| when(stack, Condition::path_begins("x".repeat(201))),
        "looks for a text of 201 bytes; 1 to 200 are allowed",
    ),
    refused(
        |stack| {
            let expression = RegexMatch::new(FieldToMatch::path(), "");
            when(stack, Condition::regex_match(expression));
        },
        "has an expression of 0 characters",
    ),
    refused(
        |stack| {
            let less = ComparisonOperator::Lt;
            let size = SizeConstraint::new(FieldToMatch::path(), less, -1);
            when(stack, Condition::size_constraint(size));
        },
        "has a `size` of -1",
    ),
    refused(
        |stack| when(stack, Condition::geo_match(GeoMatch::new(["de"]))),
        "names the country de; write two capitals",
    ),
    refused(
        |stack| when(stack, Condition::geo_match(GeoMatch::new(Vec::<String>::new()))),
        "names no country",
    ),
    refused(
        |stack| when(stack, Condition::label_match(LabelMatch::new(LabelScope::Label, "a b"))),
        "asks for the label \"a b\"",
    ),
    refused(
        |stack| {
            let word = PositionalConstraint::Contains;
            let many = ByteMatch::new(FieldToMatch::path(), word, "x")
                .text_transformations([TextTransformation::UrlDecode; 11]);
            when(stack, Condition::byte_match(many));
        },
        "has 11 `text_transformations`; 10 are allowed",
    ),
    refused(
        |stack| {
            let begin = PositionalConstraint::StartsWith;
            let nameless = ByteMatch::new(FieldToMatch::header(""), begin, "x");
            when(stack, Condition::byte_match(nameless));
        },
        "looks at something whose name has 0 characters, not 1 to 64",
    ),
    refused(
        |stack| {
            let none = MatchPattern::included(Vec::<String>::new());
            let pairs = Pairs::new(none, MatchScope::Value, OversizeHandling::Continue);
            let word = PositionalConstraint::Contains;
            let cookies = ByteMatch::new(FieldToMatch::cookies(pairs), word, "x");
            when(stack, Condition::byte_match(cookies));
        },
        "names 0 headers or cookies; 1 to 199 are allowed",
    ),
    refused(
        |stack| {
            let edge = Provider::aws("us-east-1");
            let abroad = IpSet::named("abroad")
                .provider(&edge)
                .ip_address_version(IpAddressVersion::Ipv4)
                .addresses(["192.0.2.0/24"])
                .create(stack);
            when(stack, Condition::from(abroad.arn()));
        },
        "which is of another scope or region than the ACL",
    ),
];
