//! AWS: ssm PutParameter, AddTagsToResource, GetParameter, DescribeParameters, DeleteParameter.

use crate::{
    aws::{KmsKeyArn, ParameterArn, ParameterName},
    prelude::*,
    props, resource,
    types::Timestamp,
};

/// A value that programs read by its name: text, a list, or something secret.
///
/// What is secret stands in `secure_value`, which state keeps sealed and no plan shows. What is to
/// be rotated, or read by another account, belongs into a
/// [`secretsmanager::Secret`](crate::aws::secretsmanager::Secret).
///
/// ```
/// use infra_core::{
///     aws::ssm::{Parameter, ParameterType},
///     local::RandomPassword,
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let salt = RandomPassword::named("salt").create(&stack);
/// Parameter::named("salt")
///     .parameter_type(ParameterType::Secure)
///     .parameter_name("/campus/moodle/salt")
///     .secure_value(salt.password())
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ssm:Parameter", one_of(value, secure_value), create = "1s")]
pub struct Parameter {
    /// What it is. Changing it replaces the parameter: AWS changes none into another. AWS: `Type`.
    #[prop(replace)]
    pub parameter_type: ParameterType,
    /// The name, up to 1011 letters, digits and `._-`; one with folders begins with a slash, such as
    /// `/campus/moodle/salt`. Default: made up from project, stack and name. Changing it replaces
    /// the parameter. AWS: `Name`.
    #[prop(id, replace, name(1011, path))]
    pub parameter_name: Option<ParameterName>,
    /// The value: text, or with commas between them the items of a list. Up to 4 KiB, 8 KiB in the
    /// advanced tier. Default: none; one of this and `secure_value` is given. Changes in place, as a
    /// new version. AWS: `Value`.
    pub value: Option<String>,
    /// The value of a secure string, which AWS encrypts. Default: none. Changes in place, as a new
    /// version. AWS: `Value`.
    pub secure_value: Option<crate::types::Secret<String>>,
    /// The key that encrypts a secure string. Default: `aws/ssm`, which other accounts can't use.
    /// Changes in place, as a new version. AWS: `KeyId`.
    pub key_id: Option<KmsKeyArn>,
    /// What it is for, up to 1024 characters. Default: none. Changes in place. AWS: `Description`.
    pub description: Option<String>,
    /// A regular expression that values must fit, up to 1024 characters. Default: any value.
    /// Changes in place. AWS: `AllowedPattern`.
    pub allowed_pattern: Option<String>,
    /// Whether the value is more than text: the id of an image, which AWS then checks. Default:
    /// text. Changes in place. AWS: `DataType`.
    #[prop(default = ParameterDataType::Text)]
    pub data_type: ParameterDataType,
    /// How large it may be and what it costs. Default: standard. Changes in place, from standard to
    /// advanced and not back. AWS: `Tier`.
    #[prop(default = ParameterTier::Standard)]
    pub tier: ParameterTier,
    /// What happens to it in the course of time, in the advanced tier alone. Default: nothing.
    /// Change in place. AWS: `Policies`.
    #[prop(default, set)]
    pub policies: Vec<ParameterPolicy>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ARN`.
    #[output(arn = "arn:aws:ssm:{region}:{account}:parameter/{parameter_name>/}", at = exists)]
    pub arn: ParameterArn,
    /// The version, which counts the calls that changed it. AWS: `Version`.
    #[output(at = exists, changes_with(
        value, secure_value, key_id, description, allowed_pattern, data_type, tier, policies
    ))]
    pub version: i64,
}

/// What a parameter is.
#[props]
pub enum ParameterType {
    /// Text.
    #[prop("String")]
    Text,
    /// A list, with commas between its items.
    #[prop("StringList")]
    List,
    /// Something secret.
    #[prop("SecureString")]
    Secure,
}

/// What the text of a parameter is.
#[props]
pub enum ParameterDataType {
    /// Any text.
    #[prop("text")]
    Text,
    /// The id of an image of the region.
    #[prop("aws:ec2:image")]
    Ec2Image,
}

/// How large a parameter may be and what it costs.
#[props]
pub enum ParameterTier {
    /// 4 KiB, without price; 10,000 in a region.
    #[prop("Standard")]
    Standard,
    /// 8 KiB, with policies, for some cents a month; 100,000 in a region.
    #[prop("Advanced")]
    Advanced,
    /// Standard, and advanced as soon as that does not do.
    #[prop("Intelligent-Tiering")]
    IntelligentTiering,
}

/// What happens to a parameter in the course of time.
#[props]
pub enum ParameterPolicy {
    /// It is deleted at a moment. AWS: `Expiration`.
    Expiration(Timestamp),
    /// EventBridge is told so long before it is deleted. AWS: `ExpirationNotification`.
    ExpirationNotification(Days),
    /// EventBridge is told when it was not changed for so long. AWS: `NoChangeNotification`.
    NoChangeNotification(Days),
}
