//! Rate limits: where they stand, in which steps they count.

use std::collections::BTreeSet;

use infra_core::{
    cloudflare::rulesets::{CharacteristicArgs, Phase, RateField, RateLimitArgs, RuleArgs},
    types::Seconds,
};

use super::{expression, refused};
use crate::sim::refusal::Refusal;

/// Over how long requests may be counted, and for how long a limit may hold, in seconds.
const PERIODS: [u32; 6] = [10, 60, 120, 300, 600, 3600];
const TIMEOUTS: [u32; 8] = [0, 10, 60, 120, 300, 600, 3600, 86_400];

/// Whether the limit of a rule of a phase is one.
pub(super) fn check(path: &str, phase: Phase, rule: &RuleArgs) -> Result<(), Refusal> {
    let property = format!("{path}.ratelimit");
    match (&rule.ratelimit, phase == Phase::HttpRatelimit) {
        (None, true) => refused(&property, format!("is needed in the phase {phase}")),
        (Some(_), false) => refused(&property, format!("has no place in the phase {phase}")),
        (None, false) => Ok(()),
        (Some(limit), true) => check_limit(&property, rule, limit),
    }
}

fn check_limit(property: &str, rule: &RuleArgs, limit: &RateLimitArgs) -> Result<(), Refusal> {
    let steps = [
        ("period", limit.period, &PERIODS[..]),
        ("mitigation_timeout", limit.mitigation_timeout, &TIMEOUTS),
    ];
    for (field, Seconds(seconds), steps) in steps {
        if !steps.contains(&seconds) {
            let known: Vec<String> = steps.iter().map(ToString::to_string).collect();
            let what = format!("{seconds} is none of {}", known.join(", "));
            return refused(&format!("{property}.{field}"), what);
        }
    }
    if limit.mitigation_timeout == Seconds(0) && !rule.action.is_challenge() {
        let what = format!("0 is for challenges; the action is {}", rule.action);
        return refused(&format!("{property}.mitigation_timeout"), what);
    }
    if limit.requests_per_period == 0 {
        return refused(&format!("{property}.requests_per_period"), "0 must be 1 at least");
    }
    if let Some(counting) = &limit.counting_expression {
        expression::check(&format!("{property}.counting_expression"), counting)?;
    }
    check_characteristics(&format!("{property}.characteristics"), &limit.characteristics)
}

fn check_characteristics(property: &str, all: &[CharacteristicArgs]) -> Result<(), Refusal> {
    use CharacteristicArgs as C;
    if all.is_empty() {
        return refused(property, "is empty; it says what makes requests somebody's");
    }
    let names: BTreeSet<String> =
        all.iter().map(|characteristic| format!("{characteristic:?}")).collect();
    if names.len() < all.len() {
        return refused(property, "names something twice");
    }
    let has = |field: RateField| all.contains(&C::Field(field));
    if has(RateField::Ip) && has(RateField::IpWithNat) {
        return refused(
            property,
            "has both ip.src and cf.unique_visitor_id, which exclude each other",
        );
    }
    let capital = all.iter().find_map(|characteristic| match characteristic {
        C::Header(name) if name.chars().any(|c| c.is_ascii_uppercase()) => Some(name),
        _ => None,
    });
    match capital {
        Some(name) => {
            refused(property, format!("has the header {name:?}; write it in small letters"))
        }
        None => Ok(()),
    }
}
