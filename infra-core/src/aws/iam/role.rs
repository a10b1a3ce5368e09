//! AWS: iam CreateRole, UpdateRole, UpdateAssumeRolePolicy, PutRolePermissionsBoundary, TagRole,
//! GetRole, DeleteRole.

use super::PolicyDocument;
use crate::{
    aws::{PolicyArn, RoleArn, RoleName},
    prelude::*,
    resource,
};

/// An identity that services and people take on, with the permissions that policies give it.
///
/// What it may do is said by [`RolePolicy`](super::RolePolicy) and
/// [`RolePolicyAttachment`](super::RolePolicyAttachment), so that each permission is a resource of
/// its own.
///
/// ```
/// use infra_core::{aws::iam::{PolicyDocument, Role}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let role = Role::named("task")
///     .assume_role_policy_document(PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com"))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
// IAM answers at once, but it takes seconds until every service and region sees a change: a thing
// is ready when it is seen. Here and in the other files of this service.
#[resource("aws:iam:Role", create = "10s")]
pub struct Role {
    /// Who may take the role on. Changes in place. AWS: `AssumeRolePolicyDocument`.
    pub assume_role_policy_document: PolicyDocument,
    /// The name, up to 64 letters, digits and `+=,.@_-`. Default: made up from project, stack and
    /// name. Changing it replaces the role. AWS: `RoleName`.
    #[prop(id, replace, name(64, iam))]
    pub role_name: Option<RoleName>,
    /// The path, `/` or words between slashes; groups roles in ARNs. Default: `/`. Changing it
    /// replaces the role. AWS: `Path`.
    #[prop(default = "/", replace)]
    pub path: String,
    /// What it is for, up to 1000 characters. Default: none. Changes in place. AWS:
    /// `Description`.
    pub description: Option<String>,
    /// How long one session may last, 1 to 12 hours. Default: one hour. Changes in place. AWS:
    /// `MaxSessionDuration`, in seconds.
    #[prop(default = Seconds(3600))]
    pub max_session_duration: Seconds,
    /// The policy that bounds whatever other policies allow. Default: none. Changes in place. AWS:
    /// `PermissionsBoundary`.
    pub permissions_boundary: Option<PolicyArn>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:iam::{account}:role{path}{role_name}", at = exists)]
    pub arn: RoleArn,
    /// The id that tells it from earlier roles of the same name. AWS: `RoleId`.
    #[output(at = exists)]
    pub role_id: String,
}
