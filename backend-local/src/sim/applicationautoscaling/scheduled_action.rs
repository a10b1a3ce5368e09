//! What is special about a scheduled action: its target is registered, and it changes something.

use infra_core::{
    aws::applicationautoscaling, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder,
};

use super::{
    scalable_target::{CODES, INVALID},
    scaling_policy::{namespace, target_of},
};
use crate::sim::{
    identity::uuid,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ScheduledAction];

type A = applicationautoscaling::ScheduledAction;
type T = applicationautoscaling::ScalableTarget;

/// AWS: "Scheduled actions per scalable target", not adjustable.
const PER_TARGET: usize = 200;

struct ScheduledAction;

impl Special for ScheduledAction {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        let Some(dimension) = asked.get(A::SCALABLE_DIMENSION) else { return Ok(()) };
        let resource = asked.get(A::RESOURCE_ID).unwrap_or_default();
        let target = target_of(asked, &resource, dimension)?;
        check_room(asked)?;
        let Some(action) = asked.get(A::SCALABLE_TARGET_ACTION) else { return Ok(()) };
        let property = "scalable_target_action";
        // What is left out stays as it is.
        let least = action.min_capacity.or_else(|| of(target, T::MIN_CAPACITY)).unwrap_or(0);
        let most = action.max_capacity.or_else(|| of(target, T::MAX_CAPACITY)).unwrap_or(u32::MAX);
        match (action.min_capacity, action.max_capacity) {
            (None, None) => {
                let message =
                    format!("`{property}` changes neither `min_capacity` nor `max_capacity`");
                return refused(property, message);
            }
            (Some(_), Some(_)) if most < least => {
                let message =
                    format!("`{property}.max_capacity` {most} is less than `min_capacity` {least}");
                return refused(property, message);
            }
            _ => {}
        }
        asked.check_order(A::START_TIME, A::END_TIME, INVALID)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let (region, account) = (asked.region(), asked.account());
        let number = uuid(asked.scope, asked.number);
        let space = asked.get(A::SCALABLE_DIMENSION).map(namespace).unwrap_or_default();
        let resource = asked.get(A::RESOURCE_ID).unwrap_or_default();
        let name = asked.get(A::SCHEDULED_ACTION_NAME).unwrap_or_default();
        let arn = format!(
            "arn:aws:autoscaling:{region}:{account}:scheduledAction:{number}:resource/{space}/\
             {resource}:scheduledActionName/{name}"
        );
        tell(outputs, A::SCHEDULED_ACTION_ARN, arn);
    }
}

fn check_room(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.beside(&[A::RESOURCE_ID.slot, A::SCALABLE_DIMENSION.slot]) < PER_TARGET {
        return Ok(());
    }
    let message = format!("`resource_id` has {PER_TARGET} scheduled actions, which are the most");
    Err(Refusal::invalid("resource_id", CODES.quota, message))
}
