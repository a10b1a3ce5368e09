//! How often endpoints are tried.

use infra_core::{aws::sns::HealthyRetryPolicyArgs, types::Seconds};

use super::topic::INVALID;
use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: `numRetries`.
const TRIES: u32 = 100;
/// AWS: `maxDelayTarget`, in seconds.
const DELAY: u32 = 3600;

/// Whether SNS takes it; `path` is where it stands.
pub(super) fn check_retries(path: &str, policy: &HealthyRetryPolicyArgs) -> Result<(), Refusal> {
    let (Seconds(least), Seconds(most)) = (policy.min_delay_target, policy.max_delay_target);
    let parts =
        [policy.num_no_delay_retries, policy.num_min_delay_retries, policy.num_max_delay_retries];
    let parts = parts.into_iter().fold(0_u32, u32::saturating_add);
    let (field, problem) = if policy.num_retries > TRIES {
        ("num_retries", format!("{} is more than {TRIES}", policy.num_retries))
    } else if parts > policy.num_retries {
        let all = policy.num_retries;
        (
            "num_retries",
            format!("{all} is less than the {parts} without, with shortest and with longest delay"),
        )
    } else if !(1..=DELAY).contains(&least) {
        ("min_delay_target", format!("{least} s must be between 1 and {DELAY} s"))
    } else if !(least..=DELAY).contains(&most) {
        (
            "max_delay_target",
            format!("{most} s must be between `min_delay_target` {least} s and {DELAY} s"),
        )
    } else {
        return Ok(());
    };
    let path = format!("{path}.{field}");
    Err(Refusal::invalid(&path, INVALID, format!("`{path}` {problem}")))
}
