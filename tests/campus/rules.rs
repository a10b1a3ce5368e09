//! Shapes that break a rule, allowed or not.

use infra_cli::ProgramError;
use infra_core::{
    Stack,
    aws::{rules, s3::Bucket},
};

/// Builds a shape that breaks a rule, if it is one.
pub(crate) fn build(shape: &str, stack: &Stack) -> Option<Result<(), ProgramError>> {
    let pattern = match shape {
        "rule-broken" => None,
        "rule-allowed" => Some("Bucket/pictures"),
        "allowance-unused" => Some("Bucket/sounds"),
        _ => return None,
    };
    if let Some(pattern) = pattern {
        stack.allow("data-backed-up", pattern, "they are made again every night");
    }
    stack.checks(rules::all());
    // Without older versions, which a rule wants.
    Bucket::named("pictures").create(stack);
    Some(Ok(()))
}
