//! AWS: kms CreateGrant, ListGrants, RevokeGrant.

use std::collections::BTreeMap;

use crate::{
    aws::{KmsKeyArn, RoleArn},
    props, resource,
};

/// Lets a role use a key, without a word in the key's policy.
///
/// A grant can't be changed: another one takes its place.
///
/// ```
/// use infra_core::{
///     aws::{RoleArn, kms::{Grant, GrantOperation, Key}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let role = RoleArn::parse("arn:aws:iam::123456789012:role/task").unwrap();
/// let key = Key::named("files").create(&stack);
/// Grant::named("task")
///     .key_id(&key)
///     .grantee_principal(role)
///     .operations([GrantOperation::Decrypt, GrantOperation::GenerateDataKey])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:kms:Grant", key(key_id, name), create = "1s")]
pub struct Grant {
    /// The key. Changing it replaces the grant. AWS: `KeyId`.
    #[prop(replace, owner)]
    pub key_id: KmsKeyArn,
    /// The name, up to 256 letters, digits, `_` and `-`; the same name twice makes one grant.
    /// Default: made up from project, stack and name. Changing it replaces the grant. AWS: `Name`.
    #[prop(replace, name(256, word))]
    pub name: Option<String>,
    /// Who may use it. Changing it replaces the grant. AWS: `GranteePrincipal`.
    #[prop(replace)]
    pub grantee_principal: RoleArn,
    /// What it may do with it. Changing it replaces the grant. AWS: `Operations`.
    #[prop(replace, set)]
    pub operations: Vec<GrantOperation>,
    /// Who may give the grant back, beside those who may revoke it. Default: nobody. Changing it
    /// replaces the grant. AWS: `RetiringPrincipal`.
    #[prop(replace)]
    pub retiring_principal: Option<RoleArn>,
    /// For what it holds. Default: for everything. Changing it replaces the grant. AWS:
    /// `Constraints`.
    #[prop(replace)]
    pub constraints: Option<GrantConstraints>,
    /// The id, by which it is revoked. AWS: `GrantId`.
    #[output(at = exists)]
    pub grant_id: String,
}

/// For which encryption contexts a grant holds: the pairs that a caller must name. One of the two.
#[props]
pub struct GrantConstraints {
    /// These pairs, and maybe more. Default: none.
    /// AWS: `EncryptionContextSubset`.
    #[prop(default)]
    pub encryption_context_subset: BTreeMap<String, String>,
    /// These pairs and no others. Default: none.
    /// AWS: `EncryptionContextEquals`.
    #[prop(default)]
    pub encryption_context_equals: BTreeMap<String, String>,
}

/// What may be done with a key.
#[props(words = "exact")]
pub enum GrantOperation {
    /// Decrypt what it encrypted.
    Decrypt,
    /// Encrypt something small.
    Encrypt,
    /// Make a key for data, in clear and encrypted.
    GenerateDataKey,
    /// Make a key for data, encrypted alone.
    GenerateDataKeyWithoutPlaintext,
    /// Encrypt with another key what this one encrypted.
    ReEncryptFrom,
    /// Encrypt with this key what another one encrypted.
    ReEncryptTo,
    /// Make a pair of keys for data, in clear and encrypted.
    GenerateDataKeyPair,
    /// Make a pair of keys for data, the private one encrypted alone.
    GenerateDataKeyPairWithoutPlaintext,
    /// Sign.
    Sign,
    /// Check a signature.
    Verify,
    /// Read the public key.
    GetPublicKey,
    /// Make an authentication code.
    GenerateMac,
    /// Check an authentication code.
    VerifyMac,
    /// Agree on a secret.
    DeriveSharedSecret,
    /// Pass on what the grant allows.
    CreateGrant,
    /// Give the grant back.
    RetireGrant,
    /// Read what the key is.
    DescribeKey,
}
