//! [`RecordContent`]: what a record says.

use crate::{
    props,
    types::{Ipv4Addr, Ipv6Addr},
};

/// What a record says, by its type.
#[props]
pub enum RecordContent {
    /// An address.
    A(Ipv4Addr),
    /// An address of IPv6.
    Aaaa(Ipv6Addr),
    /// Another name, such as that of a load balancer.
    Cname(String),
    /// A text, such as SPF.
    Txt(String),
    /// Who takes mail.
    Mx(MxContent),
    /// Where a service is.
    Srv(SrvContent),
    /// Who may make certificates.
    Caa(CaaContent),
    /// Who answers for what is below.
    Ns(String),
}

/// Who takes mail.
#[props]
pub struct MxContent {
    /// In which order they are tried, the least first. Cloudflare: `priority`.
    pub priority: u16,
    /// The host. Cloudflare: `content`.
    pub exchange: String,
}

/// Where a service is.
#[props]
pub struct SrvContent {
    /// In which order they are tried, the least first. Cloudflare: `data.priority`.
    pub priority: u16,
    /// How often of those with the same priority. Cloudflare: `data.weight`.
    pub weight: u16,
    /// The port. Cloudflare: `data.port`.
    pub port: u16,
    /// The host. Cloudflare: `data.target`.
    pub target: String,
}

/// Who may make certificates.
#[props]
pub struct CaaContent {
    /// What it is about. Cloudflare: `data.tag`.
    pub tag: CaaTag,
    /// The domain of the authority, such as `letsencrypt.org`; `;` for nobody. Cloudflare:
    /// `data.value`.
    pub value: String,
    /// Whether an authority that does not understand it makes none. Default: false. Cloudflare:
    /// `data.flags`, 128.
    #[prop(default = false)]
    pub critical: bool,
}

/// What a record of authorities is about.
#[props(words = "lower")]
pub enum CaaTag {
    /// Certificates for the name.
    Issue,
    /// Certificates for what is below the name, with `*`.
    IssueWild,
    /// Where it is told that somebody asked for one.
    Iodef,
}
