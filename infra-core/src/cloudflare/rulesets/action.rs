//! [`Action`] and [`ActionParameters`]: what a rule does.

use super::{CacheSettings, Execute, Phase};
use crate::props;

/// What a rule does.
#[props]
pub enum Action {
    /// Turns the request away.
    #[prop("block")]
    Block,
    /// Shows a riddle.
    #[prop("challenge")]
    Challenge,
    /// Lets the browser prove itself.
    #[prop("js_challenge")]
    JsChallenge,
    /// Does what is needed to tell whether it is a human, mostly nothing that is seen.
    #[prop("managed_challenge")]
    ManagedChallenge,
    /// Writes it down. Enterprise.
    #[prop("log")]
    Log,
    /// Leaves out other rules.
    #[prop("skip")]
    Skip,
    /// Asks rules that Cloudflare keeps.
    #[prop("execute")]
    Execute,
    /// Says what is cached.
    #[prop("set_cache_settings")]
    SetCacheSettings,
}

/// How a rule does what it does.
#[props]
pub enum ActionParameters {
    /// What who is turned away sees.
    Block(BlockResponse),
    /// What is left out.
    Skip(Skip),
    /// Which rules are asked.
    Execute(Execute),
    /// What is cached.
    SetCacheSettings(CacheSettings),
}

/// What who is turned away sees.
#[props]
pub struct BlockResponse {
    /// The status, 400 to 499. Cloudflare: `response.status_code`.
    pub status_code: u16,
    /// What the body is. Cloudflare: `response.content_type`.
    pub content_type: ContentType,
    /// The body, up to 30 KB. Cloudflare: `response.content`.
    pub content: String,
}

/// What a body is.
#[props]
pub enum ContentType {
    /// JSON.
    #[prop("application/json")]
    Json,
    /// A page.
    #[prop("text/html")]
    Html,
    /// Text.
    #[prop("text/plain")]
    Plain,
    /// XML.
    #[prop("text/xml")]
    Xml,
}

/// What is left out.
#[props]
pub struct Skip {
    /// Whether all rules behind it of the same phase are. Default: false. Cloudflare: `ruleset`,
    /// `current`.
    #[prop(default = false)]
    pub current_ruleset: bool,
    /// Later phases. Default: none. Cloudflare: `phases`.
    #[prop(default)]
    pub phases: Vec<Phase>,
    /// What is no rule set. Default: none. Cloudflare: `products`.
    #[prop(default)]
    pub products: Vec<SkippedProduct>,
}

/// What a rule can leave out and is no rule set.
#[props]
pub enum SkippedProduct {
    /// The look at headers, `browser_check`.
    #[prop("bic")]
    BrowserIntegrityCheck,
    /// The protection of pictures.
    #[prop("hot")]
    HotlinkProtection,
    /// The level of security.
    #[prop("securityLevel")]
    SecurityLevel,
    /// Blocked user agents.
    #[prop("uaBlock")]
    UserAgentBlocking,
    /// Zones that are locked down.
    #[prop("zoneLockdown")]
    ZoneLockdown,
}

impl Action {
    /// Whether who comes can prove to be a human.
    #[must_use]
    pub fn is_challenge(self) -> bool {
        matches!(self, Self::Challenge | Self::JsChallenge | Self::ManagedChallenge)
    }
}
