//! [`RateLimit`]: how often somebody may come.

use crate::{prelude::*, props};

/// How often somebody may come.
///
/// Each data centre of Cloudflare's counts for itself; which one it is always tells requests apart.
#[props]
pub struct RateLimit {
    /// What makes requests somebody's: all of these together. Cloudflare: `characteristics`, with
    /// `cf.colo.id`.
    pub characteristics: Vec<Characteristic>,
    /// Over how long they are counted: 10, 60, 120, 300, 600 or 3600 s. Cloudflare: `period`.
    pub period: Seconds,
    /// How many are let through, from 1 on. Cloudflare: `requests_per_period`.
    pub requests_per_period: u32,
    /// For how long the action is done then; 0 with a challenge, for as long as there are too many.
    /// Cloudflare: `mitigation_timeout`.
    pub mitigation_timeout: Seconds,
    /// Which requests are counted; may speak of the answer. Default: those of the rule. Cloudflare:
    /// `counting_expression`.
    pub counting_expression: Option<String>,
    /// Whether requests that the cache answers do not count. Default: false. Cloudflare:
    /// `requests_to_origin`.
    #[prop(default = false)]
    pub requests_to_origin: bool,
}

/// What makes requests somebody's.
#[props]
pub enum Characteristic {
    /// A figure of the request.
    Field(RateField),
    /// The value of a header, by its name in small letters. Enterprise.
    Header(String),
    /// The value of a cookie. Enterprise.
    Cookie(String),
    /// The value of an argument in the query string. Enterprise.
    Query(String),
}

impl Characteristic {
    /// The address.
    pub fn ip() -> Self {
        Self::field(RateField::Ip)
    }
}

/// A figure of a request.
#[props]
pub enum RateField {
    /// The address.
    #[prop("ip.src")]
    Ip,
    /// The address, and what tells those apart who share it: a school behind one. Business.
    #[prop("cf.unique_visitor_id")]
    IpWithNat,
    /// The network's number. Enterprise.
    #[prop("ip.src.asnum")]
    Asn,
    /// The country. Enterprise.
    #[prop("ip.src.country")]
    Country,
    /// The host that is asked for. Enterprise.
    #[prop("http.host")]
    Host,
    /// The path that is asked for. Enterprise.
    #[prop("http.request.uri.path")]
    Path,
}
