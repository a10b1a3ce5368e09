//! What alarms may do, and what they are called: the same for both kinds.

use infra_core::{
    aws::cloudwatch::{self, AlarmAction, AlarmActionArgs},
    dsl::{Prop, ResourceType},
};

use crate::sim::{
    refusal::{Codes, Refusal},
    sns::topic::check_publisher,
    special::{Asked, Special},
};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// How CloudWatch calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFound",
    not_ready: "ConcurrentModificationException",
    exists: "ValidationError",
    in_use: "ConcurrentModificationException",
    quota: "LimitExceeded",
};
/// What it says of everything that has no code of its own.
pub(super) const INVALID: &str = "ValidationError";
/// AWS: the longest `AlarmDescription`.
pub(super) const DESCRIPTION: usize = 1024;
/// As who it publishes.
const SERVICE: &str = "cloudwatch.amazonaws.com";
/// AWS: actions of each state.
const ACTIONS: usize = 5;

/// Whether CloudWatch takes what an alarm does in each of its states.
pub(super) fn check_actions<R: ResourceType>(
    asked: &Asked<'_>,
    states: [Prop<R, Vec<AlarmAction>>; 3],
) -> Result<(), Refusal> {
    states.into_iter().try_for_each(|prop| {
        let property = R::definition().prop(prop.slot).name;
        check_list(asked, property, &asked.get(prop).unwrap_or_default())
    })
}

fn check_list(
    asked: &Asked<'_>,
    property: &str,
    actions: &[AlarmActionArgs],
) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid(property, INVALID, message));
    if actions.len() > ACTIONS {
        return refused(format!(
            "`{property}` has {} actions; {ACTIONS} are the most",
            actions.len()
        ));
    }
    for (place, action) in actions.iter().enumerate() {
        let path = format!("{property}[{place}]");
        let (arn, fits) = match action {
            AlarmActionArgs::Topic(topic) => (topic.as_str(), true),
            AlarmActionArgs::Function(function) => (function.as_str(), true),
            AlarmActionArgs::ScalingPolicy(policy) => (
                policy.as_str(),
                policy.contains(":autoscaling:") && policy.contains(":scalingPolicy:"),
            ),
        };
        if !fits {
            return refused(format!("`{path}` {arn:?} is not the ARN of a scaling policy"));
        }
        let region = arn.split(':').nth(3).unwrap_or_default();
        if region != asked.region() {
            let here = asked.region();
            return refused(format!("`{path}` {arn} is of another region than {here}"));
        }
        if let AlarmActionArgs::Topic(topic) = action {
            check_publisher(asked, property, topic, SERVICE)?;
        }
    }
    Ok(())
}

/// Alarms of both kinds share their names.
pub(super) fn check_name(asked: &Asked<'_>) -> Result<(), Refusal> {
    let both =
        [cloudwatch::MetricAlarm::definition().name, cloudwatch::CompositeAlarm::definition().name];
    let mut others = both.into_iter().filter(|ty| *ty != asked.ty.name);
    if !others.any(|ty| asked.world.get(ty, asked.id, asked.scope).is_some()) {
        return Ok(());
    }
    let message = format!(
        "`alarm_name` {} is the name of an alarm of the other kind; they share their names",
        asked.id
    );
    Err(Refusal::invalid("alarm_name", INVALID, message))
}
