//! When a rule matches.

use super::{FallbackBehavior, FieldToMatch, ForwardedIpConfig, TextTransformation};
use crate::{
    aws::IpSetArn,
    dsl::{Input, IntoInput},
    props,
    schema::Shape,
    types::{DecodeError, IntoValue, PropertyType},
    value::Value,
};

/// When a rule matches: one thing, or several put together. AWS: `Statement`, without those that
/// can't stand within others.
#[props]
pub enum Condition {
    /// A text is in a part of the request. AWS: `ByteMatchStatement`.
    ByteMatch(ByteMatch),
    /// A regular expression fits a part of the request. AWS: `RegexMatchStatement`.
    RegexMatch(RegexMatch),
    /// A part of the request is so long. AWS: `SizeConstraintStatement`.
    SizeConstraint(SizeConstraint),
    /// A part of the request looks like SQL. AWS: `SqliMatchStatement`.
    SqliMatch(SqliMatch),
    /// A part of the request looks like a script. AWS: `XssMatchStatement`.
    XssMatch(XssMatch),
    /// It comes from a country. AWS: `GeoMatchStatement`.
    GeoMatch(GeoMatch),
    /// It comes from an address of a set. AWS: `IPSetReferenceStatement`.
    IpSetReference(IpSetReference),
    /// A rule before this one gave it a label. AWS: `LabelMatchStatement`.
    LabelMatch(LabelMatch),
    /// All of these hold, two at least. AWS: `AndStatement`.
    And(Vec<Nested>),
    /// One of these holds, of two at least. AWS: `OrStatement`.
    Or(Vec<Nested>),
    /// This does not hold. AWS: `NotStatement`.
    Not(Nested),
}

impl Condition {
    /// The path begins so.
    pub fn path_begins(path: impl IntoInput<String>) -> Self {
        let position = PositionalConstraint::StartsWith;
        Self::byte_match(ByteMatch::new(FieldToMatch::path(), position, path))
    }

    /// It comes from an address of a set.
    pub fn from(set: impl IntoInput<IpSetArn>) -> Self {
        Self::ip_set_reference(IpSetReference::new(set))
    }
}

/// A condition within another one; a [`Condition`] stands for it.
#[derive(Clone, Copy, Debug)]
pub struct Nested(());

impl PropertyType for Nested {
    type Resolved = Box<ConditionArgs>;
    const SHAPE: Shape = Shape::Within(|| Condition::SHAPE);

    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
        Condition::decode(value).map(Box::new)
    }
}

impl IntoValue for Box<ConditionArgs> {
    type Property = Nested;

    fn into_value(self) -> Value {
        (*self).into_value()
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Nested> for Condition {
    fn into_input(self) -> Input<Nested> {
        Input::from_value(IntoInput::<Self>::into_input(self).into_value())
    }
}

/// A text in a part of the request.
#[props]
pub struct ByteMatch {
    /// Where. AWS: `FieldToMatch`.
    pub field_to_match: FieldToMatch,
    /// At which place. AWS: `PositionalConstraint`.
    pub positional_constraint: PositionalConstraint,
    /// The text, up to 200 bytes. AWS: `SearchString`.
    pub search_string: String,
    /// What is done to that part before, up to ten. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// At which place a text stands.
#[props]
pub enum PositionalConstraint {
    /// It is all.
    #[prop("EXACTLY")]
    Exactly,
    /// At the beginning.
    #[prop("STARTS_WITH")]
    StartsWith,
    /// At the end.
    #[prop("ENDS_WITH")]
    EndsWith,
    /// Anywhere.
    #[prop("CONTAINS")]
    Contains,
    /// Anywhere, as a word.
    #[prop("CONTAINS_WORD")]
    ContainsWord,
}

/// A regular expression that fits a part of the request.
#[props]
pub struct RegexMatch {
    /// Where. AWS: `FieldToMatch`.
    pub field_to_match: FieldToMatch,
    /// The expression, up to 512 characters. AWS: `RegexString`.
    pub regex_string: String,
    /// What is done to that part before, up to ten. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// How long a part of the request is.
#[props]
pub struct SizeConstraint {
    /// Which part. AWS: `FieldToMatch`.
    pub field_to_match: FieldToMatch,
    /// How it is compared with `size`. AWS: `ComparisonOperator`.
    pub comparison_operator: ComparisonOperator,
    /// The length in bytes, up to 20 GiB. A body is known as far as WAF reads it: for longer ones
    /// `oversize_handling` decides. AWS: `Size`.
    pub size: i64,
    /// What is done to that part before, up to ten. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// How two numbers are compared.
#[props(words = "UPPER")]
pub enum ComparisonOperator {
    /// The same.
    Eq,
    /// Not the same.
    Ne,
    /// At most.
    Le,
    /// Less.
    Lt,
    /// At least.
    Ge,
    /// More.
    Gt,
}

/// SQL in a part of the request.
#[props]
pub struct SqliMatch {
    /// Where. AWS: `FieldToMatch`.
    pub field_to_match: FieldToMatch,
    /// How little is enough. Default: low. AWS: `SensitivityLevel`.
    #[prop(default = SensitivityLevel::Low)]
    pub sensitivity_level: SensitivityLevel,
    /// What is done to that part before, up to ten. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// How little looks like an attack.
#[props(words = "UPPER")]
pub enum SensitivityLevel {
    /// Less is found, and less that is none.
    Low,
    /// More is found, and more that is none.
    High,
}

/// A script in a part of the request.
#[props]
pub struct XssMatch {
    /// Where. AWS: `FieldToMatch`.
    pub field_to_match: FieldToMatch,
    /// What is done to that part before, up to ten. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// Countries.
#[props]
pub struct GeoMatch {
    /// Two letters each, such as `DE`. AWS: `CountryCodes`.
    pub country_codes: Vec<String>,
    /// From which header the address is taken. Default: from whom the request comes. AWS:
    /// `ForwardedIPConfig`.
    pub forwarded_ip_config: Option<ForwardedIpConfig>,
}

/// An address of a set.
#[props]
pub struct IpSetReference {
    /// The set, of the ACL's scope and region. AWS: `ARN`.
    pub arn: IpSetArn,
    /// From which header the address is taken. Default: from whom the request comes. AWS:
    /// `IPSetForwardedIPConfig`.
    pub forwarded_ip_config: Option<IpSetForwardedIpConfig>,
}

/// From which header the address of the client is taken, and which of several.
#[props]
pub struct IpSetForwardedIpConfig {
    /// The header, such as `X-Forwarded-For`. AWS: `HeaderName`.
    pub header_name: String,
    /// What holds where it has no address. AWS: `FallbackBehavior`.
    pub fallback_behavior: FallbackBehavior,
    /// Which of its addresses. AWS: `Position`.
    pub position: ForwardedIpPosition,
}

/// Which of several addresses.
#[props(words = "UPPER")]
pub enum ForwardedIpPosition {
    /// The first.
    First,
    /// The last.
    Last,
    /// Any of the first ten.
    Any,
}

/// A label that a rule before this one gave.
#[props]
pub struct LabelMatch {
    /// Whether `key` is a label or the beginning of some. AWS: `Scope`.
    pub scope: LabelScope,
    /// The label, such as `awswaf:managed:aws:core-rule-set:SizeRestrictions_Body`, or its
    /// beginning with a colon at its end. AWS: `Key`.
    pub key: String,
}

/// Whether a label is meant or the beginning of some.
#[props(words = "UPPER")]
pub enum LabelScope {
    /// A label.
    Label,
    /// The beginning of some.
    Namespace,
}
