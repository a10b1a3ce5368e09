//! What is special about a log group: reserved names, and what its class can't do.

use infra_core::{
    aws::logs::{self, LogGroupClass},
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&LogGroup];

/// How CloudWatch Logs calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "OperationAbortedException",
    exists: "ResourceAlreadyExistsException",
    in_use: "OperationAbortedException",
    quota: "LimitExceededException",
};
/// What it says of everything that has no code of its own.
pub(super) const INVALID: &str = "InvalidParameterException";

struct LogGroup;

impl Special for LogGroup {
    fn ty(&self) -> &'static TypeDef {
        logs::LogGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Log groups", adjustable.
        Some(1_000_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.id.starts_with("aws/") {
            let message = format!(
                "`log_group_name` {} begins with `aws/`, which AWS keeps for itself; services of \
                 AWS log to `/aws/...`",
                asked.id
            );
            return Err(Refusal::invalid("log_group_name", INVALID, message));
        }
        let class = asked.get(logs::LogGroup::LOG_GROUP_CLASS);
        let retention = asked.get(logs::LogGroup::RETENTION_IN_DAYS);
        if let (Some(LogGroupClass::Delivery), Some(days)) = (class, retention) {
            let message = format!(
                "`retention_in_days` {days}: a log group of the class DELIVERY keeps events for \
                 two days; leave it out"
            );
            return Err(Refusal::invalid("retention_in_days", INVALID, message));
        }
        asked.check_key(logs::LogGroup::KMS_KEY_ID, INVALID)
    }
}
