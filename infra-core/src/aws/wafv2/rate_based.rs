//! How many requests are too many.

use super::{Condition, ForwardedIpConfig, TextTransformation, Whole};
use crate::{prelude::*, props};

/// Matches while more requests come than a limit, of those that have something in common.
///
/// All of a campus may come from one address: count by a cookie or leave its ranges out by
/// `scope_down_statement`, where [`AggregateKey::ip`] would lock it out.
#[props]
pub struct RateBasedStatement {
    /// How many in `evaluation_window`, 10 to 2,000,000,000. AWS: `Limit`.
    pub limit: u32,
    /// What those that are counted together have in common. AWS: `AggregateKeyType` and
    /// `CustomKeys`.
    pub aggregate_key: AggregateKey,
    /// How far back is counted: 60, 120, 300 or 600 s. Default: 300 s. AWS:
    /// `EvaluationWindowSec`.
    #[prop(default = Seconds(300))]
    pub evaluation_window: Seconds,
    /// Which requests are counted. Default: all. AWS: `ScopeDownStatement`.
    pub scope_down_statement: Option<Condition>,
}

/// What requests that are counted together have in common.
#[props]
pub enum AggregateKey {
    /// The address that they come from. AWS: `IP`.
    Ip(Whole),
    /// The address that a header names. AWS: `FORWARDED_IP`.
    ForwardedIp(ForwardedIpConfig),
    /// Nothing: all are counted together, of those that `scope_down_statement` names. AWS:
    /// `CONSTANT`.
    Constant(Whole),
    /// Several things, one to five. AWS: `CUSTOM_KEYS`.
    CustomKeys(Vec<RateKey>),
}

impl AggregateKey {
    /// The address that they come from.
    pub fn address() -> Self {
        Self::ip(Whole::new())
    }

    /// A cookie: what a session is known by.
    pub fn by_cookie(name: impl IntoInput<String>) -> Self {
        Self::custom_keys([RateKey::cookie(NamedKey::new(name))])
    }
}

/// A thing that requests have in common.
#[props]
pub enum RateKey {
    /// The address that they come from, beside another thing. AWS: `IP`.
    Ip(Whole),
    /// The address that a header names, beside another thing. AWS: `ForwardedIP`.
    ForwardedIp(ForwardedIpConfig),
    /// The method. AWS: `HTTPMethod`.
    HttpMethod(Whole),
    /// A cookie. AWS: `Cookie`.
    Cookie(NamedKey),
    /// A header. AWS: `Header`.
    Header(NamedKey),
    /// An argument behind the question mark. AWS: `QueryArgument`.
    QueryArgument(NamedKey),
    /// All that stands behind the question mark. AWS: `QueryString`.
    QueryString(WholeKey),
    /// The path. AWS: `UriPath`.
    UriPath(WholeKey),
    /// The labels that begin so. AWS: `LabelNamespace`.
    LabelNamespace(String),
}

/// A cookie, header or argument.
#[props]
pub struct NamedKey {
    /// Its name, up to 64 characters. AWS: `Name`.
    pub name: String,
    /// What is done to it before. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}

/// A part of the request.
#[props]
pub struct WholeKey {
    /// What is done to it before. Default: nothing. AWS: `TextTransformations`.
    #[prop(default)]
    pub text_transformations: Vec<TextTransformation>,
}
