//! What is special about the rules of a phase: what they may do in it, and what their expressions
//! look like.

mod expression;
mod limit;

use std::collections::BTreeSet;

use infra_core::{
    cloudflare::rulesets::{
        self, Action, ActionParametersArgs, BrowserTtlMode, CacheSettingsArgs, EdgeTtlMode,
        OverridesArgs, Phase, RuleArgs,
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Ruleset];

type R = rulesets::Ruleset;

const CODES: Codes = Codes {
    not_found: "10003",
    not_ready: "10003",
    exists: INVALID,
    in_use: INVALID,
    quota: INVALID,
};
/// What Cloudflare says of values in rules that it can't take.
const INVALID: &str = "20217";
/// The longest body of an answer, in bytes.
const BODY: usize = 30 * 1024;

struct Ruleset;

impl Special for Ruleset {
    fn ty(&self) -> &'static TypeDef {
        R::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(phase) = asked.get(R::PHASE) else { return Ok(()) };
        let rules = asked.get(R::RULES).unwrap_or_default();
        let mut seen = BTreeSet::new();
        for (place, rule) in rules.iter().enumerate() {
            let path = format!("rules[{place}]");
            expression::check(&format!("{path}.expression"), &rule.expression)?;
            check_action(&path, phase, rule)?;
            limit::check(&path, phase, rule)?;
            if let Some(reference) = &rule.reference
                && !seen.insert(reference)
            {
                return refused(&format!("{path}.reference"), "is that of another rule");
            }
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_none() {
            tell(outputs, R::RULESET_ID, digits(asked.scope, asked.number, 32));
        }
    }
}

fn refused(property: &str, what: impl std::fmt::Display) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, format!("`{property}` {what}")))
}

/// What rules of a phase may do.
fn actions(phase: Phase) -> &'static [Action] {
    use Action as A;
    match phase {
        Phase::HttpRequestFirewallCustom => {
            &[A::Block, A::Challenge, A::JsChallenge, A::ManagedChallenge, A::Log, A::Skip]
        }
        Phase::HttpRatelimit => {
            &[A::Block, A::Challenge, A::JsChallenge, A::ManagedChallenge, A::Log]
        }
        Phase::HttpRequestFirewallManaged => &[A::Execute, A::Skip],
        Phase::HttpRequestCacheSettings => &[A::SetCacheSettings],
    }
}

fn check_action(path: &str, phase: Phase, rule: &RuleArgs) -> Result<(), Refusal> {
    use ActionParametersArgs as P;
    let known = actions(phase);
    if !known.contains(&rule.action) {
        let known: Vec<&str> = known.iter().map(|action| action.as_str()).collect();
        let what = format!("{} is none of the phase {phase}: {}", rule.action, known.join(", "));
        return refused(&format!("{path}.action"), what);
    }
    let property = format!("{path}.action_parameters");
    let needs_some =
        matches!(rule.action, Action::Skip | Action::Execute | Action::SetCacheSettings);
    let Some(parameters) = &rule.action_parameters else {
        let what = format!("are needed with the action {}", rule.action);
        return if needs_some { refused(&property, what) } else { Ok(()) };
    };
    let of = match parameters {
        P::Block(_) => Action::Block,
        P::Skip(_) => Action::Skip,
        P::Execute(_) => Action::Execute,
        P::SetCacheSettings(_) => Action::SetCacheSettings,
    };
    if of != rule.action {
        return refused(&property, format!("are those of {of}, and the action is {}", rule.action));
    }
    match parameters {
        P::Block(response) if !(400..=499).contains(&response.status_code) => {
            let what = format!("{} must be between 400 and 499", response.status_code);
            refused(&format!("{property}.block.status_code"), what)
        }
        P::Block(response) if response.content.len() > BODY => {
            let what = format!("has {} bytes; {BODY} are the most", response.content.len());
            refused(&format!("{property}.block.content"), what)
        }
        P::Skip(skip) => {
            let nothing =
                !skip.current_ruleset && skip.phases.is_empty() && skip.products.is_empty();
            if nothing { refused(&format!("{property}.skip"), "skips nothing") } else { Ok(()) }
        }
        P::Execute(execute) => execute
            .overrides
            .as_ref()
            .map_or(Ok(()), |overrides| check_overrides(&property, overrides)),
        P::SetCacheSettings(settings) => check_cache(&property, settings),
        P::Block(_) => Ok(()),
    }
}

fn check_overrides(property: &str, overrides: &OverridesArgs) -> Result<(), Refusal> {
    let digits = |id: &str| {
        id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let bad = overrides.rules.iter().enumerate().find(|(_, rule)| !digits(&rule.id));
    if let Some((place, rule)) = bad {
        let path = format!("{property}.execute.overrides.rules[{place}].id");
        return refused(&path, format!("{:?} is no id: 32 hexadecimal digits", rule.id));
    }
    let all = overrides.rules.iter().map(|rule| rule.action);
    let all = all.chain(overrides.categories.iter().map(|category| category.action));
    let mut all = all.chain([overrides.action]).flatten();
    match all.find(|action| !actions(Phase::HttpRatelimit).contains(action)) {
        Some(action) => {
            let path = format!("{property}.execute.overrides");
            refused(&path, format!("have the action {action}, which managed rules can't do"))
        }
        None => Ok(()),
    }
}

fn check_cache(property: &str, settings: &CacheSettingsArgs) -> Result<(), Refusal> {
    let path = |field: &str| format!("{property}.set_cache_settings.{field}");
    if let Some(edge) = &settings.edge_ttl {
        let says = edge.mode == EdgeTtlMode::OverrideOrigin;
        if says != edge.default_ttl.is_some() {
            let what = "is given with the mode override_origin, and with it alone";
            return refused(&path("edge_ttl.default_ttl"), what);
        }
    }
    if let Some(browser) = &settings.browser_ttl {
        let says = browser.mode == BrowserTtlMode::OverrideOrigin;
        if says != browser.default_ttl.is_some() {
            let what = "is given with the mode override_origin, and with it alone";
            return refused(&path("browser_ttl.default_ttl"), what);
        }
    }
    if !settings.cache && settings.edge_ttl.is_some() {
        return refused(&path("edge_ttl"), "says how long, and `cache` is false");
    }
    Ok(())
}
