//! AWS: sts GetCallerIdentity.

use crate::lookup;

/// Whose credentials are used.
///
/// ```
/// use infra_core::{aws::sts::CallerIdentity, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let caller = CallerIdentity::lookup("caller").create(&stack);
/// let bucket: Output<String> = interpolate!("logs-{}", caller.account());
/// # let _ = bucket;
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:sts:CallerIdentity")]
pub struct CallerIdentity {
    /// The number of the account. AWS: `Account`.
    #[output]
    pub account: String,
    /// The ARN of the user or the session of a role. AWS: `Arn`.
    #[output]
    pub arn: String,
    /// The id of the user or session. AWS: `UserId`.
    #[output]
    pub user_id: String,
}
