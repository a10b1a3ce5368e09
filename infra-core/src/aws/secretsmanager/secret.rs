//! AWS: secretsmanager CreateSecret, PutSecretValue, GetRandomPassword, UpdateSecret,
//! ReplicateSecretToRegions, RemoveRegionsFromReplication, TagResource, DescribeSecret,
//! DeleteSecret.

use crate::{
    aws::{KmsKeyArn, SecretArn},
    prelude::*,
    props, resource,
};

/// A secret that services read by its ARN.
///
/// State never holds the value, only a keyed digest of it by which a change is noticed. What AWS
/// generates or rotates is not read back.
///
/// A deleted secret can be restored for `recovery_window_in_days`, and keeps its name for so long:
/// the same name can't be created again before. Deletion therefore loses nothing, unless the
/// window is 0; whoever says so has said that nothing is to be missed.
///
/// ```
/// use infra_core::{aws::secretsmanager::Secret, local::RandomPassword, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let password = RandomPassword::named("database").create(&stack);
/// let secret = Secret::named("database").secret_string(password.password()).create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:secretsmanager:Secret",
    unique(name),
    find = token,
    create = "1s"
)]
pub struct Secret {
    /// The name, up to 512 letters, digits and `/_+=.@-`. Default: made up from project, stack and
    /// name. Changing it replaces the secret. AWS: `Name`.
    #[prop(replace, name(512, secret))]
    pub name: Option<String>,
    /// What it is for, up to 2048 characters. Default: none. Changes in place. AWS:
    /// `Description`.
    pub description: Option<String>,
    /// The value: text, often JSON, up to 65,536 bytes. Default: none; the secret exists without a
    /// value until somebody puts one. Changes in place, as a new version. AWS: `SecretString`.
    #[prop(write_only)]
    pub secret_string: Option<crate::types::Secret<String>>,
    /// Lets AWS make up the value, which then nobody else has seen; in place of `secret_string`.
    /// Default: none. Changing it makes up a new value. AWS: GetRandomPassword and PutSecretValue.
    #[prop(write_only, separate)]
    pub generate_secret_string: Option<GenerateSecretString>,
    /// The key that encrypts the value. Default: `aws/secretsmanager`, which other accounts can't
    /// use. Changes in place. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
    /// Other regions that get a copy. Default: none. Changes in place; taken back before deletion.
    /// AWS: `ReplicaRegions`.
    #[prop(default, set, detach)]
    pub replica_regions: Vec<ReplicaRegion>,
    /// How long it can be restored after deletion, and keeps its name: 7 to 30 days, or 0 to delete
    /// for good at once. Default: 30 days. Changes in place; only deletion uses it. AWS:
    /// DeleteSecret, `RecoveryWindowInDays` and `ForceDeleteWithoutRecovery`.
    #[prop(default = Days(30), write_only)]
    pub recovery_window_in_days: Days,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN, with six characters at its end that tell it from earlier secrets of the name. AWS:
    /// `Id`.
    #[output(id, arn = "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{random:6}", at = exists)]
    pub arn: SecretArn,
    /// The version of the value: a task that reads the secret when it starts is to start anew when
    /// this changes. Absent while there is no value. AWS: PutSecretValue, `VersionId`.
    #[output(changes_with(secret_string, generate_secret_string))]
    pub version_id: String,
}

/// How AWS makes up the value of a secret.
#[props]
pub struct GenerateSecretString {
    /// The length, 1 to 4096 characters. Default: 32. AWS: `PasswordLength`.
    #[prop(default = 32_u32)]
    pub password_length: u32,
    /// Characters to leave out. Default: none. AWS: `ExcludeCharacters`.
    pub exclude_characters: Option<String>,
    /// Whether to leave out small letters. Default: false. AWS: `ExcludeLowercase`.
    #[prop(default = false)]
    pub exclude_lowercase: bool,
    /// Whether to leave out capitals. Default: false. AWS: `ExcludeUppercase`.
    #[prop(default = false)]
    pub exclude_uppercase: bool,
    /// Whether to leave out digits. Default: false. AWS: `ExcludeNumbers`.
    #[prop(default = false)]
    pub exclude_numbers: bool,
    /// Whether to leave out punctuation. Default: false. AWS: `ExcludePunctuation`.
    #[prop(default = false)]
    pub exclude_punctuation: bool,
    /// Whether a space may be in it. Default: false. AWS: `IncludeSpace`.
    #[prop(default = false)]
    pub include_space: bool,
    /// Whether one of each kind must be in it. Default: true. AWS: `RequireEachIncludedType`.
    #[prop(default = true)]
    pub require_each_included_type: bool,
    /// A JSON object that the made-up text is put into. Default: none; the value is the text alone.
    /// AWS: `SecretStringTemplate`.
    pub secret_string_template: Option<String>,
    /// Under which key of the template it stands. Default: none. AWS: `GenerateStringKey`.
    pub generate_string_key: Option<String>,
}

/// Another region that gets a copy of a secret.
#[props]
pub struct ReplicaRegion {
    /// The region, such as `eu-west-1`. AWS: `Region`.
    pub region: String,
    /// The key there. Default: `aws/secretsmanager` of that region. AWS: `KmsKeyId`.
    pub kms_key_id: Option<KmsKeyArn>,
}
