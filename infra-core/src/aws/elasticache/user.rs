//! AWS: elasticache CreateUser, ModifyUser, AddTagsToResource, DescribeUsers, DeleteUser.

use super::Engine;
use crate::{aws::CacheUserId, prelude::*, props, resource, types::secret_texts};

/// Somebody who uses caches: what commands and keys, and how they show who they are.
///
/// Users reach a cache through a [`UserGroup`](super::UserGroup).
///
/// ```
/// use infra_core::{
///     aws::elasticache::{AuthenticationMode, Engine, User},
///     local::RandomPassword,
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let password = RandomPassword::named("sessions").create(&stack);
/// let moodle = User::named("moodle")
///     .user_name("moodle")
///     .engine(Engine::Valkey)
///     .access_string("on ~* +@all -@admin")
///     .authentication_mode(AuthenticationMode::with(password.password()))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elasticache:User", create = "10s", update = "10s", delete = "10s")]
pub struct User {
    /// The name that it logs in with, up to 120 characters; with IAM the same as `user_id`. Changing
    /// it replaces the user. AWS: `UserName`.
    #[prop(replace)]
    pub user_name: String,
    /// The engine of the caches; users of Redis can be in groups of Valkey too. Changes in place,
    /// from Redis to Valkey. AWS: `Engine`.
    pub engine: Engine,
    /// What it may do, in the words of ACL SETUSER: `on ~moodle_* +@all -@admin`. It holds no
    /// password. Changes in place. AWS: `AccessString`.
    pub access_string: String,
    /// How it shows who it is. Changes in place; the account keeps passwords as digests. AWS:
    /// `AuthenticationMode`.
    #[prop(write_only)]
    pub authentication_mode: AuthenticationMode,
    /// The id, up to 40 small letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the user. AWS: `UserId`.
    #[prop(id, replace, name(40, lower_hyphens))]
    pub user_id: Option<CacheUserId>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:elasticache:{region}:{account}:user:{id}", at = exists)]
    pub arn: String,
}

/// How a user shows who it is.
#[props]
pub struct AuthenticationMode {
    /// By what. AWS: `Type`.
    pub authentication_type: AuthenticationType,
    /// One password, or two while programs go over from the old to the new one. Default: none. AWS:
    /// `Passwords`.
    pub passwords: Option<Vec<crate::types::Secret<CachePassword>>>,
}

impl AuthenticationMode {
    /// By a password.
    pub fn with(password: impl IntoInput<crate::types::Secret<CachePassword>>) -> Self {
        Self::new(AuthenticationType::Password).passwords([password])
    }

    /// By credentials of IAM, which hold for a quarter of an hour.
    pub fn iam() -> Self {
        Self::new(AuthenticationType::Iam)
    }
}

/// By what a user shows who it is.
#[props(words = "kebab")]
pub enum AuthenticationType {
    /// By a password.
    Password,
    /// By nothing; for Redis alone.
    NoPasswordRequired,
    /// By credentials of IAM; from the version 7.0 on.
    Iam,
}

secret_texts! {
    /// What a user of a cache logs in with.
    CachePassword:
        "a password of 16 to 128 printable characters without , \" / @ and spaces",
        16..=128,
        |character| character.is_ascii_graphic() && !",\"/@".contains(character);
}
