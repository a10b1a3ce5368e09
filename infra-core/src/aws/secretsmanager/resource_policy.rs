//! AWS: secretsmanager PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.

use crate::{
    aws::{SecretArn, iam::PolicyDocument},
    resource,
};

/// Who may do what with a secret, other accounts too. A secret has one.
///
/// ```
/// use infra_core::{
///     aws::{
///         iam::{PolicyDocument, Principal, Statement},
///         secretsmanager::{ResourcePolicy, Secret},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let secret = Secret::named("moodle").create(&stack);
/// let backups = Statement::allow()
///     .principals([Principal::aws("210987654321")])
///     .actions(["secretsmanager:GetSecretValue"])
///     .resources(["*"]);
/// ResourcePolicy::named("moodle")
///     .secret_id(&secret)
///     .resource_policy(PolicyDocument::new([backups]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:secretsmanager:ResourcePolicy", key(secret_id), create = "1s")]
pub struct ResourcePolicy {
    /// The secret. Changing it replaces the policy. AWS: `SecretId`.
    #[prop(replace, owner)]
    pub secret_id: SecretArn,
    /// The policy; `*` as a resource is the secret. Changes in place. AWS: `ResourcePolicy`.
    pub resource_policy: PolicyDocument,
    /// Whether AWS refuses a policy that lets everybody in. Default: true (AWS: false). Changes in
    /// place; only the next change of the policy uses it. AWS: `BlockPublicPolicy`.
    #[prop(default = true, write_only)]
    pub block_public_policy: bool,
}
