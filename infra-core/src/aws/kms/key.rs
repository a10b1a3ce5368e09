//! AWS: kms CreateKey, PutKeyPolicy, EnableKeyRotation, DisableKeyRotation, EnableKey, DisableKey,
//! UpdateKeyDescription, TagResource, DescribeKey, ScheduleKeyDeletion.

use crate::{
    aws::{KmsKeyArn, iam::PolicyDocument},
    prelude::*,
    props, resource,
};

/// A key that encrypts or signs, and never leaves KMS.
///
/// Deletion is scheduled: the key can't be used from then on, and goes `pending_window_in_days`
/// later. Until then CancelKeyDeletion brings it back; after that nothing that it encrypted can be
/// read again. Therefore it holds data.
///
/// ```
/// use infra_core::{aws::{kms::Key, rds::DbCluster}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let key = Key::named("data")
///     .description("what the database and its snapshots are encrypted with")
///     .rotation_period_in_days(Days(365))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:kms:Key", find = tag, create = "2s", holds_data)]
pub struct Key {
    /// What it is for, up to 8192 characters. Default: none. Changes in place. AWS:
    /// UpdateKeyDescription, `Description`.
    pub description: Option<String>,
    /// Who may do what with the key; its resource is `*`, the key itself. Somebody of the account
    /// must be able to change the policy. Default: the account decides by the policies of its roles
    /// and users. Changes in place. AWS: PutKeyPolicy, `Policy`.
    #[prop(computed)]
    pub key_policy: Option<PolicyDocument>,
    /// What kind of key it is. Default: symmetric, which AWS's services need. Changing it replaces
    /// the key. AWS: `KeySpec`.
    #[prop(default = KeySpec::SymmetricDefault, replace)]
    pub key_spec: KeySpec,
    /// What it does. Default: encrypts and decrypts. Changing it replaces the key. AWS: `KeyUsage`.
    #[prop(default = KeyUsage::EncryptDecrypt, replace)]
    pub key_usage: KeyUsage,
    /// Whether other regions may have copies of it. Default: false. Changing it replaces the key.
    /// AWS: `MultiRegion`.
    #[prop(default = false, replace)]
    pub multi_region: bool,
    /// How often AWS makes new key material, 90 to 2560 days; the old one still decrypts. Only of
    /// symmetric keys. Default: never. Changes in place. AWS: EnableKeyRotation,
    /// `RotationPeriodInDays`.
    #[prop(separate)]
    pub rotation_period_in_days: Option<Days>,
    /// Whether it can be used. Default: true. Changes in place. AWS: EnableKey, DisableKey.
    #[prop(default = true, separate)]
    pub enabled: bool,
    /// How long it can be brought back after deletion, 7 to 30 days. Default: 30 days. Changes in
    /// place; only deletion uses it. AWS: ScheduleKeyDeletion, `PendingWindowInDays`.
    #[prop(default = Days(30), write_only)]
    pub pending_window_in_days: Days,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `Arn`.
    #[output(id, arn = "arn:aws:kms:{region}:{account}:key/{uuid}", at = exists)]
    pub arn: KmsKeyArn,
    /// The id: what stands in the ARN behind `key/`. AWS: `KeyId`.
    #[output(at = exists)]
    pub key_id: String,
}

/// What kind of key it is.
#[props]
pub enum KeySpec {
    /// AES of 256 bits. Only this kind is taken by services that encrypt.
    #[prop("SYMMETRIC_DEFAULT")]
    SymmetricDefault,
    /// A pair of RSA keys of 2048 bits.
    #[prop("RSA_2048")]
    Rsa2048,
    /// A pair of RSA keys of 3072 bits.
    #[prop("RSA_3072")]
    Rsa3072,
    /// A pair of RSA keys of 4096 bits.
    #[prop("RSA_4096")]
    Rsa4096,
    /// A pair of keys on the curve P-256.
    #[prop("ECC_NIST_P256")]
    EccNistP256,
    /// A pair of keys on the curve P-384.
    #[prop("ECC_NIST_P384")]
    EccNistP384,
    /// A pair of keys on the curve P-521.
    #[prop("ECC_NIST_P521")]
    EccNistP521,
    /// A pair of keys on the curve secp256k1.
    #[prop("ECC_SECG_P256K1")]
    EccSecgP256K1,
    /// A pair of Ed25519 keys.
    #[prop("ECC_NIST_EDWARDS25519")]
    EccNistEdwards25519,
    /// A key for authentication codes with SHA-224.
    #[prop("HMAC_224")]
    Hmac224,
    /// A key for authentication codes with SHA-256.
    #[prop("HMAC_256")]
    Hmac256,
    /// A key for authentication codes with SHA-384.
    #[prop("HMAC_384")]
    Hmac384,
    /// A key for authentication codes with SHA-512.
    #[prop("HMAC_512")]
    Hmac512,
    /// A pair of ML-DSA keys, which quantum computers do not break, category 2.
    #[prop("ML_DSA_44")]
    MlDsa44,
    /// The same, category 3.
    #[prop("ML_DSA_65")]
    MlDsa65,
    /// The same, category 5.
    #[prop("ML_DSA_87")]
    MlDsa87,
}

/// What a key does.
#[props]
pub enum KeyUsage {
    /// It encrypts and decrypts.
    #[prop("ENCRYPT_DECRYPT")]
    EncryptDecrypt,
    /// It signs, and checks signatures.
    #[prop("SIGN_VERIFY")]
    SignVerify,
    /// It makes authentication codes, and checks them.
    #[prop("GENERATE_VERIFY_MAC")]
    GenerateVerifyMac,
    /// It agrees on a secret with another key.
    #[prop("KEY_AGREEMENT")]
    KeyAgreement,
}
