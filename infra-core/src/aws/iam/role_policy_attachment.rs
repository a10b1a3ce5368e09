//! AWS: iam AttachRolePolicy, ListAttachedRolePolicies, DetachRolePolicy.

use crate::{
    aws::{PolicyArn, RoleName},
    resource,
};

/// A managed policy, AWS's own or the account's, given to a role.
///
/// ```
/// use infra_core::{aws::iam::{PolicyDocument, Role, RolePolicyAttachment}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
/// let role = Role::named("host").assume_role_policy_document(trust).create(&stack);
/// RolePolicyAttachment::named("host-ssm")
///     .role_name(&role)
///     .policy_arn("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:iam:RolePolicyAttachment", key(role_name, policy_arn), create = "10s")]
pub struct RolePolicyAttachment {
    /// The role. Changing it replaces the attachment. AWS: `RoleName`.
    #[prop(replace)]
    pub role_name: RoleName,
    /// The policy. Changing it replaces the attachment. AWS: `PolicyArn`.
    #[prop(replace)]
    pub policy_arn: PolicyArn,
}
