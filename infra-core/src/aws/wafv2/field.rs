//! What of a request is looked at, and what is done to it before.

use crate::{prelude::*, props};

/// What of a request is looked at.
#[props]
pub enum FieldToMatch {
    /// A header. AWS: `SingleHeader`.
    SingleHeader(SingleHeader),
    /// An argument behind the question mark. AWS: `SingleQueryArgument`.
    SingleQueryArgument(SingleQueryArgument),
    /// All arguments behind the question mark. AWS: `AllQueryArguments`.
    AllQueryArguments(Whole),
    /// The path. AWS: `UriPath`.
    UriPath(Whole),
    /// What stands behind the question mark, as it is. AWS: `QueryString`.
    QueryString(Whole),
    /// The method. AWS: `Method`.
    Method(Whole),
    /// The body, as far as WAF reads it. AWS: `Body`.
    Body(Body),
    /// The body as JSON, as far as WAF reads it. AWS: `JsonBody`.
    JsonBody(JsonBody),
    /// Several headers. AWS: `Headers`.
    Headers(Pairs),
    /// Cookies. AWS: `Cookies`.
    Cookies(Pairs),
}

impl FieldToMatch {
    /// The path.
    pub fn path() -> Self {
        Self::uri_path(Whole::new())
    }

    /// A header.
    pub fn header(name: impl IntoInput<String>) -> Self {
        Self::single_header(SingleHeader::new(name))
    }
}

/// All of it: there is nothing to say.
#[props]
pub struct Whole {}

/// A header, whatever the case of its name.
#[props]
pub struct SingleHeader {
    /// Its name, up to 64 characters. AWS: `Name`.
    pub name: String,
}

/// An argument behind the question mark, whatever the case of its name.
#[props]
pub struct SingleQueryArgument {
    /// Its name, up to 64 characters. AWS: `Name`.
    pub name: String,
}

/// The body. WAF reads its first 8 KB at a load balancer, and as much as
/// [`WebAcl::body_inspection_limit`](super::WebAcl) says at CloudFront.
#[props]
pub struct Body {
    /// What holds of a body that is longer. Default: what was read is looked at. AWS:
    /// `OversizeHandling`.
    #[prop(default = OversizeHandling::Continue)]
    pub oversize_handling: OversizeHandling,
}

/// The body as JSON.
#[props]
pub struct JsonBody {
    /// Whether keys, values or both are looked at. AWS: `MatchScope`.
    pub match_scope: MatchScope,
    /// Which paths are looked at, such as `/user/name`. Default: all. AWS:
    /// `MatchPattern.IncludedPaths`.
    #[prop(default)]
    pub included_paths: Vec<String>,
    /// What holds of a body that is no JSON. Default: as much as could be read is looked at. AWS:
    /// `InvalidFallbackBehavior`.
    pub invalid_fallback_behavior: Option<BodyParsingFallback>,
    /// What holds of a body that is longer than WAF reads. Default: what was read is looked at.
    /// AWS: `OversizeHandling`.
    #[prop(default = OversizeHandling::Continue)]
    pub oversize_handling: OversizeHandling,
}

/// Several headers, or cookies: up to 8 KB and 200 of them.
#[props]
pub struct Pairs {
    /// Which. AWS: `MatchPattern`.
    pub match_pattern: MatchPattern,
    /// Whether keys, values or both are looked at. AWS: `MatchScope`.
    pub match_scope: MatchScope,
    /// What holds where there are more. AWS: `OversizeHandling`.
    pub oversize_handling: OversizeHandling,
}

/// Which of several headers or cookies.
#[props]
pub enum MatchPattern {
    /// All. AWS: `All`.
    All(Whole),
    /// Those of these names. AWS: `IncludedHeaders`, `IncludedCookies`.
    Included(Vec<String>),
    /// All but those of these names. AWS: `ExcludedHeaders`, `ExcludedCookies`.
    Excluded(Vec<String>),
}

/// Whether keys, values or both are looked at.
#[props(words = "UPPER")]
pub enum MatchScope {
    /// Both.
    All,
    /// Keys.
    Key,
    /// Values.
    Value,
}

/// What holds of what is longer than WAF reads.
#[props]
pub enum OversizeHandling {
    /// What was read is looked at.
    #[prop("CONTINUE")]
    Continue,
    /// The condition holds.
    #[prop("MATCH")]
    Match,
    /// The condition does not hold.
    #[prop("NO_MATCH")]
    NoMatch,
}

/// What holds of a body that is no JSON.
#[props]
pub enum BodyParsingFallback {
    /// The condition holds.
    #[prop("MATCH")]
    Match,
    /// The condition does not hold.
    #[prop("NO_MATCH")]
    NoMatch,
    /// It is looked at as text.
    #[prop("EVALUATE_AS_STRING")]
    EvaluateAsString,
}

/// What holds where an address can't be read.
#[props]
pub enum FallbackBehavior {
    /// The condition holds.
    #[prop("MATCH")]
    Match,
    /// The condition does not hold.
    #[prop("NO_MATCH")]
    NoMatch,
}

/// From which header the address of the client is taken, where a proxy stands before WAF.
#[props]
pub struct ForwardedIpConfig {
    /// The header, such as `X-Forwarded-For`. AWS: `HeaderName`.
    pub header_name: String,
    /// What holds where it has no address. AWS: `FallbackBehavior`.
    pub fallback_behavior: FallbackBehavior,
}

/// What is done to a text before it is looked at, so that it can't hide. Several are done one after
/// the other; the place in the list is what AWS calls their priority.
#[props]
pub enum TextTransformation {
    /// Base64 is read, strictly.
    #[prop("BASE64_DECODE")]
    Base64Decode,
    /// What shells would leave out is left out.
    #[prop("CMD_LINE")]
    CmdLine,
    /// Blanks of all kinds become one.
    #[prop("COMPRESS_WHITE_SPACE")]
    CompressWhiteSpace,
    /// Escapes of CSS are read.
    #[prop("CSS_DECODE")]
    CssDecode,
    /// Escapes of C are read.
    #[prop("ESCAPE_SEQ_DECODE")]
    EscapeSeqDecode,
    /// Pairs of hexadecimal digits are read.
    #[prop("HEX_DECODE")]
    HexDecode,
    /// Entities of HTML are read.
    #[prop("HTML_ENTITY_DECODE")]
    HtmlEntityDecode,
    /// Escapes of JavaScript are read.
    #[prop("JS_DECODE")]
    JsDecode,
    /// Capitals become small.
    #[prop("LOWERCASE")]
    Lowercase,
    /// `./` and `../` are followed.
    #[prop("NORMALIZE_PATH")]
    NormalizePath,
    /// The same after backslashes became slashes.
    #[prop("NORMALIZE_PATH_WIN")]
    NormalizePathWin,
    /// Null bytes go.
    #[prop("REMOVE_NULLS")]
    RemoveNulls,
    /// Comments of C become a blank.
    #[prop("REPLACE_COMMENTS")]
    ReplaceComments,
    /// Hexadecimal texts of SQL are read.
    #[prop("SQL_HEX_DECODE")]
    SqlHexDecode,
    /// Escapes of addresses are read.
    #[prop("URL_DECODE")]
    UrlDecode,
    /// The same with those of Microsoft.
    #[prop("URL_DECODE_UNI")]
    UrlDecodeUni,
    /// UTF-8 is written as `%uHHHH`.
    #[prop("UTF8_TO_UNICODE")]
    Utf8ToUnicode,
}
