//! What is special about a hook: how long instances wait, and as who a group tells it.

use infra_core::{
    aws::autoscaling::{self, NotificationTargetArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
};

use super::group::{CODES, INVALID};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&LifecycleHook];

type H = autoscaling::LifecycleHook;

/// AWS: "Lifecycle hooks per Auto Scaling group", not adjustable.
const PER_GROUP: usize = 50;

struct LifecycleHook;

impl Special for LifecycleHook {
    fn ty(&self) -> &'static TypeDef {
        H::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        if let Some(Seconds(seconds)) = asked.get(H::HEARTBEAT_TIMEOUT)
            && !(30..=7200).contains(&seconds)
        {
            let message = format!("`heartbeat_timeout` {seconds} s must be between 30 and 7200 s");
            return refused("heartbeat_timeout", message);
        }
        asked.check_text(H::NOTIFICATION_METADATA, 1023, INVALID)?;
        let target = asked.get(H::NOTIFICATION_TARGET);
        if target.is_some() != asked.get(H::ROLE_ARN).is_some() {
            let message = "`role_arn` and `notification_target` go together: as who it is told, \
                           and who is told";
            return refused("role_arn", message.to_owned());
        }
        let arn = match &target {
            Some(NotificationTargetArgs::Queue(queue)) => queue.as_str(),
            Some(NotificationTargetArgs::Topic(topic)) => topic.as_str(),
            None => return check_room(asked),
        };
        if arn.ends_with(".fifo") {
            let message = format!("`notification_target` {arn} is FIFO, which hooks can't tell");
            return refused("notification_target", message);
        }
        check_room(asked)
    }
}

fn check_room(asked: &Asked<'_>) -> Result<(), Refusal> {
    let slot = H::AUTO_SCALING_GROUP_NAME.slot;
    if asked.beside(&[slot]) < PER_GROUP {
        return Ok(());
    }
    let group = asked.value(slot);
    let message =
        format!("`auto_scaling_group_name` {group}: a group has {PER_GROUP} hooks at most");
    Err(Refusal::invalid("auto_scaling_group_name", CODES.quota, message))
}
