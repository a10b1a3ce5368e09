//! AWS: iam PutRolePolicy, GetRolePolicy, ListRolePolicies, DeleteRolePolicy.

use super::PolicyDocument;
use crate::{aws::RoleName, resource};

/// A policy that belongs to one role and goes with it.
///
/// ```
/// use infra_core::{aws::iam::{PolicyDocument, Role, RolePolicy, Statement}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let trust = PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com");
/// let role = Role::named("task").assume_role_policy_document(trust).create(&stack);
/// let mail = Statement::allow().actions(["ses:SendEmail"]).resources(["*"]);
/// RolePolicy::named("mail")
///     .role_name(&role)
///     .policy_name("mail")
///     .policy_document(PolicyDocument::new([mail]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:iam:RolePolicy", key(role_name, policy_name), create = "10s")]
pub struct RolePolicy {
    /// The role. Changing it replaces the policy. AWS: `RoleName`.
    #[prop(replace)]
    pub role_name: RoleName,
    /// The name, unique within the role, up to 128 letters, digits and `+=,.@_-`. Changing it
    /// replaces the policy. AWS: `PolicyName`.
    #[prop(replace)]
    pub policy_name: String,
    /// What the role may do. Changes in place. AWS: `PolicyDocument`.
    pub policy_document: PolicyDocument,
}
