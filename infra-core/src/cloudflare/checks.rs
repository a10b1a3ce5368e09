//! What a zone's plan does not allow: told before anything is called.

use crate::{
    check::Check,
    cloudflare::{
        Plan, Switch, ZoneId,
        rulesets::{
            Action, CharacteristicArgs, ExecuteArgs, ManagedRuleset, Phase, RateLimitArgs,
            RuleArgs, Ruleset,
        },
        zones::{SecurityLevel, Settings, SslMode, Zone},
    },
    dsl::{Prop, ResourceType},
    graph::{Field, NodeView, Program, ProgramProblem},
    types::Seconds,
};

/// Settings and rules are those that the plan of their zone has, as its lookup says it.
pub(crate) struct Plans;

impl Check for Plans {
    fn name(&self) -> &str {
        "cloudflare-plan"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let settings = program.all::<Settings>().flat_map(|view| of_settings(program, &view));
        let rulesets = program.all::<Ruleset>().filter_map(|view| of_ruleset(program, &view));
        let help = "leave it out, or have the zone on another plan and say so at its lookup";
        settings.chain(rulesets).map(|problem| problem.help(help)).collect()
    }
}

/// The plan of the zone that a property names, if a lookup of this program says it.
fn plan_of<R: ResourceType>(
    program: &Program,
    view: &NodeView<'_, R>,
    prop: Prop<R, ZoneId>,
) -> Option<Plan> {
    let zone = program.target::<Zone, _>(&view.get(prop))?;
    match zone.get(Zone::PLAN) {
        Field::Known(plan) => Some(plan),
        _ => None,
    }
}

fn of_settings(program: &Program, view: &NodeView<'_, Settings>) -> Vec<ProgramProblem> {
    let Some(plan) = plan_of(program, view, Settings::ZONE_ID) else { return vec![] };
    let mut found = vec![];
    if let Field::Known(size) = view.get(Settings::MAX_UPLOAD)
        && size > plan.max_upload()
    {
        let message = format!("is more than the {} of the plan {plan}", plan.max_upload());
        found.push(program.about(view, Settings::MAX_UPLOAD, message));
    }
    let enterprise = [
        (Settings::SSL.slot, view.get(Settings::SSL) == Field::Known(SslMode::OriginPull)),
        (
            Settings::SECURITY_LEVEL.slot,
            view.get(Settings::SECURITY_LEVEL) == Field::Known(SecurityLevel::Off),
        ),
        (
            Settings::TRUE_CLIENT_IP_HEADER.slot,
            view.get(Settings::TRUE_CLIENT_IP_HEADER) == Field::Known(Switch::On),
        ),
        (
            Settings::PROXY_READ_TIMEOUT.slot,
            view.get(Settings::PROXY_READ_TIMEOUT) != Field::Absent,
        ),
    ];
    for (slot, _) in enterprise.into_iter().filter(|(_, asked)| *asked && plan != Plan::Enterprise)
    {
        let message = format!("needs the plan enterprise; the zone is on {plan}");
        found.push(program.about_slot(view.node, slot, message));
    }
    found
}

fn of_ruleset(program: &Program, view: &NodeView<'_, Ruleset>) -> Option<ProgramProblem> {
    let plan = plan_of(program, view, Ruleset::ZONE_ID)?;
    let (Field::Known(phase), Field::Known(rules)) =
        (view.get(Ruleset::PHASE), view.get(Ruleset::RULES))
    else {
        return None;
    };
    let of_rules = || {
        let mut all = rules.iter().enumerate();
        all.find_map(|(place, rule)| {
            let (field, message) = of_rule(plan, rule)?;
            Some((format!("rules[{place}].{field}"), message))
        })
    };
    let too_many = too_many(plan, phase, rules.len()).map(|message| ("rules".to_owned(), message));
    let (path, message) = too_many.or_else(of_rules)?;
    // The whole list would hide what is said of one of its rules.
    Some(program.about(view, Ruleset::RULES, message).property(path).without_value())
}

fn too_many(plan: Plan, phase: Phase, count: usize) -> Option<String> {
    let most = plan.rules(phase).filter(|most| count > *most)?;
    Some(format!("are {count} in the phase {phase}; the plan {plan} has {most}"))
}

/// What a plan does not allow of a rule: the field and why.
fn of_rule(plan: Plan, rule: &RuleArgs) -> Option<(&'static str, String)> {
    if rule.action == Action::Log && plan != Plan::Enterprise {
        return Some(("action", format!("log needs the plan enterprise; the zone is on {plan}")));
    }
    let paid = |execute: &ExecuteArgs| execute.id != ManagedRuleset::CloudflareFree;
    if plan == Plan::Free && rule.executed().is_some_and(paid) {
        let message = "names rules of paid plans; the zone is on free".to_owned();
        return Some(("action_parameters.execute.id", message));
    }
    let limit = rule.ratelimit.as_ref()?;
    let unknown = fields(&rule.expression).find(|field| !plan.limits_ask_for(field));
    if let Some(field) = unknown {
        let message = format!("asks for {field}, for which limits of the plan {plan} can't ask");
        return Some(("expression", message));
    }
    of_limit(plan, rule.action, limit)
}

/// The fields that an expression asks for: what stands outside of its texts and looks like one.
fn fields(expression: &str) -> impl Iterator<Item = &str> {
    let outside = expression.split('"').step_by(2);
    let words = outside
        .flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c))));
    words.filter(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn of_limit(plan: Plan, action: Action, limit: &RateLimitArgs) -> Option<(&'static str, String)> {
    let (period, timeout) = (limit.period, limit.mitigation_timeout);
    if period > plan.longest_period() {
        let most = plan.longest_period();
        let message = format!("{period} is longer than the {most} of the plan {plan}");
        return Some(("ratelimit.period", message));
    }
    if timeout > plan.longest_timeout() {
        let most = plan.longest_timeout();
        let message = format!("{timeout} is longer than the {most} of the plan {plan}");
        return Some(("ratelimit.mitigation_timeout", message));
    }
    if plan != Plan::Enterprise && action.is_challenge() && timeout != Seconds(0) {
        let message = format!("{timeout} must be 0 s for a challenge on the plan {plan}");
        return Some(("ratelimit.mitigation_timeout", message));
    }
    if plan < Plan::Business && limit.counting_expression.is_some() {
        let message = format!("needs the plan business; the zone is on {plan}");
        return Some(("ratelimit.counting_expression", message));
    }
    let bad = limit.characteristics.iter().find(|by| !counts_by(plan, by))?;
    let name = match bad {
        CharacteristicArgs::Field(field) => field.as_str(),
        CharacteristicArgs::Header(name)
        | CharacteristicArgs::Cookie(name)
        | CharacteristicArgs::Query(name) => name,
    };
    let message = format!("has {name}, by which the plan {plan} does not count");
    Some(("ratelimit.characteristics", message))
}

fn counts_by(plan: Plan, characteristic: &CharacteristicArgs) -> bool {
    match characteristic {
        CharacteristicArgs::Field(field) => plan.counts_by(*field),
        CharacteristicArgs::Header(_)
        | CharacteristicArgs::Cookie(_)
        | CharacteristicArgs::Query(_) => plan == Plan::Enterprise,
    }
}
