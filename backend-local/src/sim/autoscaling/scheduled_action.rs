//! What is special about a scheduled action of a group: it changes something, and has a time.

use infra_core::{aws::autoscaling, dsl::ResourceType, schema::TypeDef};

use super::group::{CODES, INVALID};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ScheduledAction];

type A = autoscaling::ScheduledAction;

/// AWS: "Scheduled actions per Auto Scaling group".
const PER_GROUP: usize = 125;

struct ScheduledAction;

impl Special for ScheduledAction {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_sizes(asked)?;
        check_times(asked)?;
        let slot = A::AUTO_SCALING_GROUP_NAME.slot;
        if asked.beside(&[slot]) < PER_GROUP {
            return Ok(());
        }
        let group = asked.value(slot);
        let message = format!(
            "`auto_scaling_group_name` {group}: a group has {PER_GROUP} scheduled actions at most"
        );
        Err(Refusal::invalid("auto_scaling_group_name", CODES.quota, message))
    }
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_sizes(asked: &Asked<'_>) -> Result<(), Refusal> {
    let (least, most) = (asked.get(A::MIN_SIZE), asked.get(A::MAX_SIZE));
    let desired = asked.get(A::DESIRED_CAPACITY);
    if least.is_none() && most.is_none() && desired.is_none() {
        let message = "`min_size`, `max_size` or `desired_capacity` is needed: it changes nothing";
        return refused("min_size", message.to_owned());
    }
    if let (Some(least), Some(most)) = (least, most)
        && most < least
    {
        return refused("max_size", format!("`max_size` {most} is less than `min_size` {least}"));
    }
    let Some(desired) = desired else { return Ok(()) };
    if least.is_some_and(|least| desired < least) || most.is_some_and(|most| desired > most) {
        let message = format!("`desired_capacity` {desired} is not between the sizes beside it");
        return refused("desired_capacity", message);
    }
    Ok(())
}

fn check_times(asked: &Asked<'_>) -> Result<(), Refusal> {
    if asked.get(A::RECURRENCE).is_none() {
        if asked.get(A::START_TIME).is_none() {
            let message = "`recurrence` or `start_time` is needed: when does it happen?";
            return refused("recurrence", message.to_owned());
        }
        if asked.get(A::TIME_ZONE).is_some() {
            let message = "`time_zone` goes with `recurrence`; `start_time` is in UTC";
            return refused("time_zone", message.to_owned());
        }
    }
    asked.check_order(A::START_TIME, A::END_TIME, INVALID)
}
