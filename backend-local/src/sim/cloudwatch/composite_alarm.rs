//! What is special about an alarm of alarms: its rule is read, and the alarms in it are there.

pub(crate) mod rule;

use std::collections::BTreeSet;

use infra_core::{
    aws::cloudwatch::{self, AlarmAction, AlarmActionArgs},
    dsl::{Prop, ResourceType},
    schema::TypeDef,
    types::Seconds,
};

use self::rule::Tree;
use super::alarm_action::{CODES, DESCRIPTION, INVALID, check_actions, check_name};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&CompositeAlarm];

type A = cloudwatch::CompositeAlarm;

/// AWS: the longest rule, and the alarms in it.
const LENGTH: usize = 10_240;
const ALARMS: usize = 100;

struct CompositeAlarm;

impl Special for CompositeAlarm {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name(asked)?;
        asked.check_text(A::ALARM_DESCRIPTION, DESCRIPTION, INVALID)?;
        check_rule(asked, &asked.get(A::ALARM_RULE).unwrap_or_default())?;
        let actions = [A::ALARM_ACTIONS, A::OK_ACTIONS, A::INSUFFICIENT_DATA_ACTIONS];
        check_actions(asked, actions)?;
        actions.into_iter().try_for_each(|actions| check_scales_nothing(asked, actions))?;
        let suppressed = asked.get(A::ACTIONS_SUPPRESSOR).is_some();
        let periods = [
            ("actions_suppressor_wait_period", asked.get(A::ACTIONS_SUPPRESSOR_WAIT_PERIOD)),
            (
                "actions_suppressor_extension_period",
                asked.get(A::ACTIONS_SUPPRESSOR_EXTENSION_PERIOD),
            ),
        ];
        match periods
            .into_iter()
            .find(|(_, period): &(_, Option<Seconds>)| period.is_some() != suppressed)
        {
            Some((property, _)) => {
                let message = format!("`{property}` and `actions_suppressor` go together");
                Err(Refusal::invalid(property, INVALID, message))
            }
            None => Ok(()),
        }
    }
}

/// AWS: what composite alarms do is to tell topics and call functions (PutCompositeAlarm).
fn check_scales_nothing(
    asked: &Asked<'_>,
    actions: Prop<A, Vec<AlarmAction>>,
) -> Result<(), Refusal> {
    let all = asked.get(actions).unwrap_or_default();
    let scales = |action: &AlarmActionArgs| matches!(action, AlarmActionArgs::ScalingPolicy(_));
    let Some(place) = all.iter().position(scales) else { return Ok(()) };
    let property = A::definition().prop(actions.slot).name;
    let message = format!(
        "`{property}[{place}]` is a scaling policy; alarms of alarms scale nothing, those of \
         metrics do"
    );
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_rule(asked: &Asked<'_>, rule: &str) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("alarm_rule", INVALID, message));
    if rule.len() > LENGTH {
        let length = rule.len();
        return refused(format!("`alarm_rule` has {length} characters; {LENGTH} are the most"));
    }
    let alarms = match rule.parse::<Tree>() {
        Ok(tree) => tree.alarms(),
        Err(problem) => return refused(format!("`alarm_rule` {rule:?} {problem}")),
    };
    if alarms.len() > ALARMS {
        let count = alarms.len();
        return refused(format!("`alarm_rule` names {count} alarms; {ALARMS} are the most"));
    }
    for alarm in &alarms {
        let kinds = [cloudwatch::MetricAlarm::definition().name, A::definition().name];
        if !kinds.into_iter().any(|ty| asked.world.get(ty, alarm, asked.scope).is_some()) {
            return refused(format!(
                "`alarm_rule` names the alarm {alarm}, which does not exist; take names from the \
                 outputs of alarms, so that those come first"
            ));
        }
    }
    if leads_back(asked, &alarms) {
        return refused(format!("`alarm_rule` {rule:?} leads back to {} itself", asked.id));
    }
    Ok(())
}

/// Whether an alarm waits for itself by way of others.
fn leads_back(asked: &Asked<'_>, alarms: &BTreeSet<String>) -> bool {
    let mut open: Vec<String> = alarms.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if name == asked.id || name.rsplit(':').next() == Some(asked.id) {
            return true;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        let object = asked.world.get(A::definition().name, &name, asked.scope);
        let rule = object.and_then(|object| of(object, A::ALARM_RULE)).unwrap_or_default();
        open.extend(rule.parse::<Tree>().map(|tree| tree.alarms()).unwrap_or_default());
    }
    false
}
