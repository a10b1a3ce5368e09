//! AWS: kms CreateAlias, UpdateAlias, ListAliases, DeleteAlias.

use crate::{aws::KmsKeyArn, resource};

/// A name of a key, by which programs use it while the key behind it is exchanged.
///
/// A key may have several. What was encrypted before stays with the key of its time.
///
/// ```
/// use infra_core::{aws::{KmsKeyArn, kms::Alias}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let key = KmsKeyArn::parse("arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab").unwrap();
/// Alias::named("campus").alias_name("alias/campus").target_key_id(key).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:kms:Alias", key(alias_name), create = "1s")]
pub struct Alias {
    /// The name: `alias/` and up to 250 letters, digits and `/_-`; not beginning with `alias/aws/`.
    /// Changing it replaces the alias. AWS: `AliasName`.
    #[prop(replace)]
    pub alias_name: String,
    /// The key, of the same region. Changes in place, to a key of the same kind and use. AWS:
    /// `TargetKeyId`.
    pub target_key_id: KmsKeyArn,
    /// The ARN, which stays when the key changes. AWS: ListAliases, `AliasArn`.
    #[output(arn = "arn:aws:kms:{region}:{account}:{alias_name}", at = exists)]
    pub alias_arn: String,
}
