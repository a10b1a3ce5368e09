//! AWS: iam CreateInstanceProfile, AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile,
//! TagInstanceProfile, GetInstanceProfile, DeleteInstanceProfile.

use crate::{
    aws::{InstanceProfileArn, InstanceProfileName, RoleName},
    prelude::*,
    resource,
};

/// What hands a role to EC2 instances.
///
/// ```
/// use infra_core::{aws::iam::{InstanceProfile, PolicyDocument, Role}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
/// let role = Role::named("host").assume_role_policy_document(trust).create(&stack);
/// let profile = InstanceProfile::named("host").role_name(&role).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:iam:InstanceProfile", create = "10s")]
pub struct InstanceProfile {
    /// The role, one at most. Changes in place: taken out and put in. AWS:
    /// AddRoleToInstanceProfile, `RoleName`.
    #[prop(separate, detach)]
    pub role_name: RoleName,
    /// The name, up to 128 letters, digits and `+=,.@_-`. Default: made up from project, stack and
    /// name. Changing it replaces the profile. AWS: `InstanceProfileName`.
    #[prop(id, replace, name(128, iam))]
    pub instance_profile_name: Option<InstanceProfileName>,
    /// The path, `/` or words between slashes. Default: `/`. Changing it replaces the profile.
    /// AWS: `Path`.
    #[prop(default = "/", replace)]
    pub path: String,
    /// Tags. Default: none. Change in place. AWS: TagInstanceProfile, `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(arn = "arn:aws:iam::{account}:instance-profile{path}{instance_profile_name}", at = exists)]
    pub arn: InstanceProfileArn,
    /// The id that tells it from earlier profiles of the same name. AWS: `InstanceProfileId`.
    #[output(at = exists)]
    pub instance_profile_id: String,
}
