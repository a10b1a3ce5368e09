//! What rules cost, in web ACL capacity units (WCU): AWS's table of statements.

use infra_core::aws::wafv2::{
    AggregateKeyArgs, ConditionArgs, FieldToMatchArgs, ForwardedIpPosition, ManagedRuleGroup,
    ManagedRuleGroupStatementArgs, PositionalConstraint, RateBasedStatementArgs, RateKeyArgs,
    RuleArgs, SensitivityLevel, StatementArgs,
};

/// Of each transformation of a text.
const TRANSFORMATION: u32 = 10;
/// Of looking at all arguments.
const ALL_ARGUMENTS: u32 = 10;
/// Of each key that is not the address alone.
const CUSTOM_KEY: u32 = 30;
/// How many labels cost one.
const LABELS: u32 = 5;

/// What rules cost.
pub(super) fn of_rules(rules: &[RuleArgs]) -> u32 {
    rules.iter().map(of_rule).sum()
}

fn of_rule(rule: &RuleArgs) -> u32 {
    let statement = match &rule.statement {
        StatementArgs::ManagedRuleGroup(group) => of_group(group),
        StatementArgs::RateBased(rate) => of_rate(rate),
        StatementArgs::When(condition) => of_condition(condition),
    };
    statement + count(rule.rule_labels.len()).div_ceil(LABELS)
}

fn of_group(group: &ManagedRuleGroupStatementArgs) -> u32 {
    use ManagedRuleGroup as G;
    let own = match group.name {
        G::Common => 700,
        G::KnownBadInputs | G::Sqli | G::Linux | G::Windows => 200,
        G::AdminProtection | G::Unix | G::Php | G::WordPress => 100,
        G::AnonymousIp | G::BotControl => 50,
        G::AmazonIpReputation => 25,
    };
    own + group.scope_down_statement.as_ref().map_or(0, of_condition)
}

fn of_rate(rate: &RateBasedStatementArgs) -> u32 {
    let keys = match &rate.aggregate_key {
        AggregateKeyArgs::CustomKeys(keys) => keys.iter().map(of_key).sum(),
        AggregateKeyArgs::Ip(_)
        | AggregateKeyArgs::ForwardedIp(_)
        | AggregateKeyArgs::Constant(_) => 0,
    };
    2 + keys + rate.scope_down_statement.as_ref().map_or(0, of_condition)
}

fn of_key(key: &RateKeyArgs) -> u32 {
    let transformations = match key {
        RateKeyArgs::Cookie(key) | RateKeyArgs::Header(key) | RateKeyArgs::QueryArgument(key) => {
            key.text_transformations.len()
        }
        RateKeyArgs::QueryString(key) | RateKeyArgs::UriPath(key) => key.text_transformations.len(),
        RateKeyArgs::Ip(_)
        | RateKeyArgs::ForwardedIp(_)
        | RateKeyArgs::HttpMethod(_)
        | RateKeyArgs::LabelNamespace(_) => 0,
    };
    CUSTOM_KEY + count(transformations) * TRANSFORMATION
}

fn of_condition(condition: &ConditionArgs) -> u32 {
    use ConditionArgs as C;
    match condition {
        C::ByteMatch(it) => {
            let base = match it.positional_constraint {
                PositionalConstraint::Contains | PositionalConstraint::ContainsWord => 10,
                PositionalConstraint::Exactly
                | PositionalConstraint::StartsWith
                | PositionalConstraint::EndsWith => 2,
            };
            looked_at(base, &it.field_to_match, it.text_transformations.len())
        }
        C::RegexMatch(it) => looked_at(3, &it.field_to_match, it.text_transformations.len()),
        C::SizeConstraint(it) => looked_at(1, &it.field_to_match, it.text_transformations.len()),
        C::SqliMatch(it) => {
            let base = if it.sensitivity_level == SensitivityLevel::High { 30 } else { 20 };
            looked_at(base, &it.field_to_match, it.text_transformations.len())
        }
        C::XssMatch(it) => looked_at(40, &it.field_to_match, it.text_transformations.len()),
        C::GeoMatch(_) | C::LabelMatch(_) => 1,
        C::IpSetReference(it) => {
            let any = it.forwarded_ip_config.as_ref();
            if any.is_some_and(|config| config.position == ForwardedIpPosition::Any) {
                5
            } else {
                1
            }
        }
        C::And(all) | C::Or(all) => all.iter().map(|inner| of_condition(inner)).sum(),
        C::Not(inner) => of_condition(inner),
    }
}

/// What looking at a part of a request costs.
fn looked_at(base: u32, field: &FieldToMatchArgs, transformations: usize) -> u32 {
    let base = match field {
        FieldToMatchArgs::AllQueryArguments(_) => base + ALL_ARGUMENTS,
        FieldToMatchArgs::JsonBody(_) => base * 2,
        _ => base,
    };
    base + count(transformations) * TRANSFORMATION
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::wafv2::{
            AggregateKey, ByteMatch, Condition, FieldToMatch, GeoMatch, ManagedRuleGroupStatement,
            NamedKey, RateBasedStatement, RateKey, Rule, RuleAction, SqliMatch, TextTransformation,
            Whole,
        },
        dsl::IntoInput,
        schema::validate,
        types::PropertyType,
        value::Path,
    };

    use super::*;

    fn cost(rule: Rule) -> u32 {
        let value = IntoInput::<Rule>::into_input(rule).into_value();
        let mut problems = vec![];
        let whole = validate(&Rule::SHAPE, &value, &mut Path::property("rule"), &mut problems);
        assert_eq!(problems, []);
        of_rule(&Rule::decode(&whole).unwrap())
    }

    fn of(condition: Condition) -> u32 {
        cost(Rule::when("rule", 1, condition, RuleAction::refuse()))
    }

    #[test]
    fn conditions_cost_what_they_look_at_and_what_is_done_before() {
        let word = |field, position| Condition::byte_match(ByteMatch::new(field, position, "x"));
        let begin = word(FieldToMatch::path(), PositionalConstraint::StartsWith);
        assert_eq!(of(begin.clone()), 2);
        assert_eq!(of(word(FieldToMatch::path(), PositionalConstraint::Contains)), 10);
        let all = FieldToMatch::all_query_arguments(Whole::new());
        assert_eq!(of(word(all.clone(), PositionalConstraint::Exactly)), 12);
        let sql = SqliMatch::new(all)
            .text_transformations([TextTransformation::UrlDecode, TextTransformation::Lowercase]);
        assert_eq!(of(Condition::sqli_match(sql)), 20 + 10 + 2 * 10);
        let both = Condition::and([begin, Condition::geo_match(GeoMatch::new(["DE"]))]);
        assert_eq!(of(Condition::not(both)), 3);
    }

    #[test]
    fn groups_and_rates_cost_what_they_are_asked_about_too() {
        let path = || Condition::path_begins("/course/");
        let common = ManagedRuleGroupStatement::new(ManagedRuleGroup::Common);
        assert_eq!(cost(Rule::group("g", 1, common.scope_down_statement(path()))), 702);
        let address = RateBasedStatement::new(100_u32, AggregateKey::address());
        assert_eq!(cost(Rule::too_many("r", 1, address)), 2);
        let keys = AggregateKey::custom_keys([
            RateKey::ip(Whole::new()),
            RateKey::cookie(
                NamedKey::new("a").text_transformations([TextTransformation::Lowercase]),
            ),
        ]);
        let rate = RateBasedStatement::new(100_u32, keys).scope_down_statement(path());
        let labelled = Rule::too_many("r", 1, rate).rule_labels(["a", "b", "c", "d", "e", "f"]);
        assert_eq!(cost(labelled), 2 + 2 * 30 + 10 + 2 + 2);
    }
}
