//! AWS: cloudfront CreateOriginAccessControl, UpdateOriginAccessControl, GetOriginAccessControl,
//! DeleteOriginAccessControl.

use crate::{aws::OriginAccessControlId, props, resource};

/// As whom a distribution asks a bucket, so that the bucket lets nobody else in.
///
/// ```
/// use infra_core::{aws::cloudfront::{AccessControlOriginType, OriginAccessControl}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// OriginAccessControl::named("files").name("campus-files").create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:cloudfront:OriginAccessControl",
    unique(name),
    find = key,
    create = "1s",
    update = "1s"
)]
pub struct OriginAccessControl {
    /// The name, up to 64 characters, unique in the account. Changes in place. AWS: `Name`.
    pub name: String,
    /// What it is for, up to 256 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// What is asked. Default: a bucket. Changes in place. AWS: `OriginAccessControlOriginType`.
    #[prop(default = AccessControlOriginType::S3)]
    pub origin_type: AccessControlOriginType,
    /// Which requests are signed. Default: all. Changes in place. AWS: `SigningBehavior`.
    #[prop(default = SigningBehavior::Always)]
    pub signing_behavior: SigningBehavior,
    /// The id. AWS: `Id`.
    #[output(id = "E", at = exists)]
    pub origin_access_control_id: OriginAccessControlId,
}

/// What is asked with signed requests.
#[props(words = "lower")]
pub enum AccessControlOriginType {
    /// A bucket.
    S3,
    /// The address of a function.
    Lambda,
    /// A store of media.
    MediaStore,
    /// A channel of media.
    MediaPackageV2,
}

/// Which requests are signed.
#[props(words = "kebab")]
pub enum SigningBehavior {
    /// All.
    Always,
    /// None.
    Never,
    /// Those that the client has not signed.
    NoOverride,
}
