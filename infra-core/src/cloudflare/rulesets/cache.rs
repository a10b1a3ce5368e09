//! [`CacheSettings`]: what is cached, for how long, and what tells it apart.

use crate::{prelude::*, props};

/// What is cached.
#[props]
pub struct CacheSettings {
    /// Whether it is. Cloudflare: `cache`.
    pub cache: bool,
    /// How long Cloudflare keeps it. Default: as the site's servers say. Cloudflare: `edge_ttl`.
    pub edge_ttl: Option<EdgeTtl>,
    /// How long browsers keep it. Default: as the zone's settings say. Cloudflare: `browser_ttl`.
    pub browser_ttl: Option<BrowserTtl>,
    /// What tells one cached file from another. Default: host, path and query string. Cloudflare:
    /// `cache_key`.
    pub cache_key: Option<CacheKey>,
    /// Whether nobody sees what is out of date while it is fetched anew. Default: false.
    /// Cloudflare: `serve_stale.disable_stale_while_updating`.
    #[prop(default = false)]
    pub disable_stale_while_updating: bool,
    /// Whether tags of versions that the site's servers give are kept as they are. Default: false.
    /// Cloudflare: `respect_strong_etags`.
    #[prop(default = false)]
    pub respect_strong_etags: bool,
}

impl CacheSettings {
    /// Nothing is cached.
    pub fn bypass() -> Self {
        Self::new(false)
    }

    /// It is cached for so long, whatever the site's servers say.
    pub fn for_seconds(edge: impl IntoInput<Seconds>) -> Self {
        Self::new(true).edge_ttl(EdgeTtl::new(EdgeTtlMode::OverrideOrigin).default_ttl(edge))
    }
}

/// How long Cloudflare keeps a file.
#[props]
pub struct EdgeTtl {
    /// Who says so. Cloudflare: `mode`.
    pub mode: EdgeTtlMode,
    /// How long, where the rule says so. Cloudflare: `default`.
    pub default_ttl: Option<Seconds>,
    /// How long answers with a status are kept. Default: as all are. Cloudflare:
    /// `status_code_ttl`.
    #[prop(default)]
    pub status_code_ttl: Vec<StatusCodeTtl>,
}

/// Who says how long Cloudflare keeps a file.
#[props]
pub enum EdgeTtlMode {
    /// The site's servers; Cloudflare where they say nothing.
    #[prop("respect_origin")]
    RespectOrigin,
    /// The site's servers; what they say nothing of is not cached.
    #[prop("bypass_by_default")]
    BypassByDefault,
    /// The rule.
    #[prop("override_origin")]
    OverrideOrigin,
}

/// How long answers with a status are kept.
#[props]
pub struct StatusCodeTtl {
    /// The status. Cloudflare: `status_code`.
    pub status_code: u16,
    /// How long; -1 for not at all, 0 for asking every time. Cloudflare: `value`.
    pub value: i32,
}

/// How long browsers keep a file.
#[props]
pub struct BrowserTtl {
    /// Who says so. Cloudflare: `mode`.
    pub mode: BrowserTtlMode,
    /// How long, where the rule says so. Cloudflare: `default`.
    pub default_ttl: Option<Seconds>,
}

/// Who says how long browsers keep a file.
#[props]
pub enum BrowserTtlMode {
    /// The site's servers.
    #[prop("respect_origin")]
    RespectOrigin,
    /// Nobody: they keep nothing.
    #[prop("bypass")]
    Bypass,
    /// The rule.
    #[prop("override_origin")]
    OverrideOrigin,
}

/// What tells one cached file from another.
#[props]
pub struct CacheKey {
    /// Whether the order of arguments means nothing. Default: false. Cloudflare:
    /// `ignore_query_strings_order`.
    #[prop(default = false)]
    pub ignore_query_strings_order: bool,
    /// Whether a name that ends as a picture's does must be a picture. Default: false. Cloudflare:
    /// `cache_deception_armor`.
    #[prop(default = false)]
    pub cache_deception_armor: bool,
    /// Whether telephones have files of their own. Enterprise. Default: false. Cloudflare:
    /// `cache_by_device_type`.
    #[prop(default = false)]
    pub cache_by_device_type: bool,
    /// Which arguments of the query string count. Default: all. Cloudflare:
    /// `custom_key.query_string`.
    pub query_string: Option<QueryStringKey>,
}

/// Which arguments of the query string count: some, or all but some.
#[props]
pub enum QueryStringKey {
    /// These.
    Include(Vec<String>),
    /// All but these; `*` for none.
    Exclude(Vec<String>),
}
