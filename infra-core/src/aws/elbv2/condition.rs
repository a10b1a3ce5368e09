//! When a rule of a listener holds.

use crate::{prelude::*, props};

/// When a rule holds. Within a condition one value is enough; all conditions of a rule must hold.
/// `*` stands for any characters, `?` for one.
#[props]
pub enum RuleCondition {
    /// By the host. AWS: `host-header`.
    HostHeader(HostHeader),
    /// By the path. AWS: `path-pattern`.
    PathPattern(PathPattern),
    /// By a header. AWS: `http-header`.
    HttpHeader(HttpHeader),
    /// By the method. AWS: `http-request-method`.
    HttpRequestMethod(HttpRequestMethod),
    /// By what stands behind the question mark. AWS: `query-string`.
    QueryString(QueryString),
    /// By the address that the request comes from. AWS: `source-ip`.
    SourceIp(SourceIp),
}

/// By the host, whatever the case.
#[props]
pub struct HostHeader {
    /// Names such as `*.example.org`, up to 128 characters. Default: none. AWS: `Values`.
    #[prop(default)]
    pub values: Vec<String>,
    /// Regular expressions, up to 128 characters. Default: none. AWS: `RegexValues`.
    #[prop(default)]
    pub regex_values: Vec<String>,
}

/// By the path, without what stands behind a question mark.
#[props]
pub struct PathPattern {
    /// Paths such as `/theme/*`, up to 128 characters. Default: none. AWS: `Values`.
    #[prop(default)]
    pub values: Vec<String>,
    /// Regular expressions, up to 128 characters. Default: none. AWS: `RegexValues`.
    #[prop(default)]
    pub regex_values: Vec<String>,
}

/// By a header, whatever the case.
#[props]
pub struct HttpHeader {
    /// Its name, up to 40 characters; for `Host` there is a condition of its own. AWS:
    /// `HttpHeaderName`.
    pub http_header_name: String,
    /// What it says, up to 128 characters. Default: none. AWS: `Values`.
    #[prop(default)]
    pub values: Vec<String>,
    /// Regular expressions, up to 128 characters. Default: none. AWS: `RegexValues`.
    #[prop(default)]
    pub regex_values: Vec<String>,
}

/// By the method.
#[props]
pub struct HttpRequestMethod {
    /// Methods in capitals, without wildcards. AWS: `Values`.
    pub values: Vec<String>,
}

/// By what stands behind the question mark, whatever the case.
#[props]
pub struct QueryString {
    /// Keys and values. AWS: `Values`.
    pub values: Vec<QueryStringValue>,
}

/// A value behind the question mark.
#[props]
pub struct QueryStringValue {
    /// The key. Default: any. AWS: `Key`.
    pub key: Option<String>,
    /// The value, up to 128 characters. AWS: `Value`.
    pub value: String,
}

/// By the address that the request comes from: that of a proxy where there is one before the load
/// balancer.
#[props]
pub struct SourceIp {
    /// Ranges. AWS: `Values`.
    pub values: Vec<Ipv4Net>,
}
