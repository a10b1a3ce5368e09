//! What is special about a rule: its pattern or schedule, and its bus.

mod pattern;

use infra_core::{
    aws::eventbridge::{self, RuleState},
    dsl::ResourceType,
    schema::TypeDef,
    types::ScheduleExpression,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Rule];

type R = eventbridge::Rule;

/// How EventBridge calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "ConcurrentModificationException",
    exists: "ResourceAlreadyExistsException",
    in_use: "ValidationException",
    quota: "LimitExceededException",
};
/// What it says of everything that has no code of its own.
pub(super) const INVALID: &str = "ValidationException";

struct Rule;

impl Special for Rule {
    fn ty(&self) -> &'static TypeDef {
        R::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Rules" of a bus, adjustable; here of all buses together.
        Some(300)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused = |property: &str, code: &str, message: String| {
            Err(Refusal::invalid(property, code, message))
        };
        let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let name = asked.get(R::NAME).unwrap_or_default();
        if let Some(bad) = name.chars().find(|c| !known(*c)) {
            let message =
                format!("`name` {name:?} contains {bad:?}; allowed are letters, digits and ._-");
            return refused("name", INVALID, message);
        }
        asked.check_text(R::DESCRIPTION, 512, INVALID)?;
        let bus = asked.get(R::EVENT_BUS_NAME);
        let bad_bus = |bus: &&String| {
            *bus == "default" || bus.is_empty() || !bus.chars().all(|c| known(c) || c == '/')
        };
        if let Some(bus) = bus.as_ref().filter(bad_bus) {
            let message = format!(
                "`event_bus_name` {bus:?} must be the name of a bus of the account; leave it out \
                 for the default one"
            );
            return refused("event_bus_name", INVALID, message);
        }
        if let Some(json) = asked.get(R::EVENT_PATTERN).and_then(|pattern| pattern.to_json().ok())
            && let Err(problem) = pattern::check(&json)
        {
            let message = format!("`event_pattern` {problem}");
            return refused("event_pattern", "InvalidEventPatternException", message);
        }
        let Some(schedule) = asked.get(R::SCHEDULE_EXPRESSION) else { return Ok(()) };
        let (property, problem) = match schedule {
            ScheduleExpression::At(_) => {
                ("schedule_expression", "is not taken by rules; a Schedule of scheduler takes it")
            }
            _ if bus.is_some() => {
                ("schedule_expression", "goes with the default bus; leave `event_bus_name` out")
            }
            _ if asked.get(R::STATE)
                == Some(RuleState::EnabledWithAllCloudtrailManagementEvents) =>
            {
                ("state", "goes with `event_pattern`")
            }
            _ => return Ok(()),
        };
        refused(property, INVALID, format!("`{property}` {schedule} {problem}"))
    }
}
