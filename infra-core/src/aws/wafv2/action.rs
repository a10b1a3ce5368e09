//! What WAF does with a request.

use crate::props;

/// What happens to a request that a rule matches.
#[props]
pub enum RuleAction {
    /// It goes on to what is protected; no further rule is asked. AWS: `Allow`.
    Allow(AllowAction),
    /// It is refused. AWS: `Block`.
    Block(BlockAction),
    /// It is counted and labelled, and the next rule is asked. AWS: `Count`.
    Count(CountAction),
    /// Whoever asks solves a puzzle first. AWS: `Captcha`.
    Captcha(CaptchaAction),
    /// The browser shows that it is one, without anybody noticing. AWS: `Challenge`.
    Challenge(ChallengeAction),
}

impl RuleAction {
    /// Refuses with 403.
    pub fn refuse() -> Self {
        Self::block(BlockAction::new())
    }

    /// Counts alone: for rules that are new, or that refuse what is good.
    pub fn only_count() -> Self {
        Self::count(CountAction::new())
    }
}

/// What happens to a request that no rule allows or refuses.
#[props]
pub enum DefaultAction {
    /// It goes on to what is protected. AWS: `Allow`.
    Allow(AllowAction),
    /// It is refused. AWS: `Block`.
    Block(BlockAction),
}

/// Lets a request through.
#[props]
pub struct AllowAction {
    /// Headers that it gets, each with `x-amzn-waf-` before its name. Default: none. AWS:
    /// `CustomRequestHandling.InsertHeaders`.
    #[prop(default)]
    pub insert_headers: Vec<CustomHttpHeader>,
}

/// Refuses a request.
#[props]
pub struct BlockAction {
    /// What is answered. Default: 403 without a body. AWS: `CustomResponse`.
    pub custom_response: Option<CustomResponse>,
}

/// Counts a request.
#[props]
pub struct CountAction {
    /// Headers that it gets, each with `x-amzn-waf-` before its name. Default: none. AWS:
    /// `CustomRequestHandling.InsertHeaders`.
    #[prop(default)]
    pub insert_headers: Vec<CustomHttpHeader>,
}

/// Asks for a puzzle.
#[props]
pub struct CaptchaAction {
    /// Headers that a request with a good answer gets. Default: none. AWS:
    /// `CustomRequestHandling.InsertHeaders`.
    #[prop(default)]
    pub insert_headers: Vec<CustomHttpHeader>,
}

/// Tests the browser.
#[props]
pub struct ChallengeAction {
    /// Headers that a request that passed gets. Default: none. AWS:
    /// `CustomRequestHandling.InsertHeaders`.
    #[prop(default)]
    pub insert_headers: Vec<CustomHttpHeader>,
}

/// What a refused request is answered.
#[props]
pub struct CustomResponse {
    /// The status, 200 to 599. AWS: `ResponseCode`.
    pub response_code: u16,
    /// Which of the ACL's `custom_response_bodies` is sent. Default: none. AWS:
    /// `CustomResponseBodyKey`.
    pub custom_response_body_key: Option<String>,
    /// Headers of the answer. Default: none. AWS: `ResponseHeaders`.
    #[prop(default)]
    pub response_headers: Vec<CustomHttpHeader>,
}

/// A header that is set.
#[props]
pub struct CustomHttpHeader {
    /// Its name, up to 64 letters, digits and `._$-`. AWS: `Name`.
    pub name: String,
    /// What it says, up to 255 characters. AWS: `Value`.
    pub value: String,
}

/// A body that refused requests are answered with.
#[props]
pub struct CustomResponseBody {
    /// What kind it is of. AWS: `ContentType`.
    pub content_type: ResponseContentType,
    /// What it says, up to 10,240 characters. AWS: `Content`.
    pub content: String,
}

/// What kind of body an answer has.
#[props]
pub enum ResponseContentType {
    /// Text.
    #[prop("TEXT_PLAIN")]
    TextPlain,
    /// A page.
    #[prop("TEXT_HTML")]
    TextHtml,
    /// JSON.
    #[prop("APPLICATION_JSON")]
    ApplicationJson,
}
