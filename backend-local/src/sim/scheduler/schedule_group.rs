//! What is special about a group of schedules: every account has one of its own.

use infra_core::{aws::scheduler, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ScheduleGroup];

/// How the scheduler calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "ConflictException",
    exists: "ConflictException",
    in_use: "ConflictException",
    quota: "ServiceQuotaExceededException",
};
/// What it says of everything that has no code of its own.
pub(super) const INVALID: &str = "ValidationException";
/// The group that every account has.
const OWN: &str = "default";

struct ScheduleGroup;

impl Special for ScheduleGroup {
    fn ty(&self) -> &'static TypeDef {
        scheduler::ScheduleGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Schedule groups" of an account and region, adjustable.
        Some(500)
    }

    fn is_always_there(&self, id: &str) -> bool {
        id == OWN
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.id != OWN {
            return Ok(());
        }
        let message = format!("`name` {OWN} is that of the group that every account has");
        Err(Refusal::invalid("name", CODES.exists, message))
    }
}
