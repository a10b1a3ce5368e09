//! AWS: elasticache CreateUserGroup, ModifyUserGroup, AddTagsToResource, DescribeUserGroups,
//! DeleteUserGroup.

use super::Engine;
use crate::{
    aws::{CacheUserId, UserGroupId},
    prelude::*,
    resource,
};

/// Users that reach the same caches.
///
/// A group of Redis has a user named `default`: AWS's own of the id `default`, which is open to
/// everybody, or one of the same name that is not. A group of Valkey needs none, and nobody gets in
/// without showing who they are.
///
/// ```
/// use infra_core::{
///     aws::elasticache::{AuthenticationMode, Engine, User, UserGroup},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let moodle = User::named("moodle")
///     .user_id("moodle")
///     .user_name("moodle")
///     .engine(Engine::Valkey)
///     .access_string("on ~* +@all -@admin")
///     .authentication_mode(AuthenticationMode::iam())
///     .create(&stack);
/// let group = UserGroup::named("site")
///     .engine(Engine::Valkey)
///     .user_ids([&moodle])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elasticache:UserGroup", create = "10s", update = "10s", delete = "10s")]
pub struct UserGroup {
    /// The engine of the caches; one of Redis can serve caches of Valkey too. Changes in place, from
    /// Redis to Valkey. AWS: `Engine`.
    pub engine: Engine,
    /// Its users. Change in place. AWS: `UserIds`.
    // AWS takes a user that is deleted out of its groups, and so off its caches. The reference binds
    // here all the same: who would be locked out is told before.
    #[prop(set, needs = ready)]
    pub user_ids: Vec<CacheUserId>,
    /// The id, up to 40 small letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the group. AWS: `UserGroupId`.
    #[prop(id, replace, name(40, lower_hyphens))]
    pub user_group_id: Option<UserGroupId>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:elasticache:{region}:{account}:usergroup:{id}", at = exists)]
    pub arn: String,
}
