//! AWS: iam CreatePolicy, CreatePolicyVersion, DeletePolicyVersion, TagPolicy, GetPolicy,
//! DeletePolicy.

use super::PolicyDocument;
use crate::{aws::PolicyArn, prelude::*, resource};

/// A policy of the account that several roles may be given.
///
/// A change makes a new version, which counts at once wherever the policy is attached. AWS keeps
/// five; the oldest goes.
///
/// ```
/// use infra_core::{
///     aws::iam::{Policy, PolicyDocument, Role, RolePolicyAttachment, Statement},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let mail = Statement::allow().actions(["ses:SendEmail"]).resources(["*"]);
/// let policy = Policy::named("mail").policy_document(PolicyDocument::new([mail])).create(&stack);
/// let trust = PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com");
/// let role = Role::named("task").assume_role_policy_document(trust).create(&stack);
/// RolePolicyAttachment::named("task-mail").role_name(&role).policy_arn(&policy).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:iam:Policy", unique(policy_name), find = name, create = "10s")]
pub struct Policy {
    /// What it allows and denies. Changes in place, as a new version. AWS: `PolicyDocument`.
    pub policy_document: PolicyDocument,
    /// The name, up to 128 letters, digits and `+=,.@_-`. Default: made up from project, stack and
    /// name. Changing it replaces the policy. AWS: `PolicyName`.
    #[prop(replace, name(128, iam))]
    pub policy_name: Option<String>,
    /// The path, `/` or words between slashes; groups policies in ARNs. Default: `/`. Changing it
    /// replaces the policy. AWS: `Path`.
    #[prop(default = "/", replace)]
    pub path: String,
    /// What it is for, up to 1000 characters. Default: none. Changing it replaces the policy: AWS
    /// has no call that changes it. AWS: `Description`.
    #[prop(replace)]
    pub description: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(id, arn = "arn:aws:iam::{account}:policy{path}{policy_name}", at = exists)]
    pub policy_arn: PolicyArn,
    /// The id that tells it from earlier policies of the same name. AWS: `PolicyId`.
    #[output(at = exists)]
    pub policy_id: String,
    /// The version that counts: `v1`. AWS: `DefaultVersionId`.
    #[output(at = exists, changes_with(policy_document))]
    pub default_version_id: String,
}
