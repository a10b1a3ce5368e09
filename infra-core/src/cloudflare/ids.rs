//! The ids that Cloudflare's resources refer to each other by.
//!
//! The target is the type that the id names; empty for what a program can't make.

crate::ids! {
    /// The id of a certificate that Cloudflare shows to a site's own servers.
    OriginCertificateId: uuid => "cloudflare:origin_tls:Certificate";
    /// The id of a record of the DNS.
    RecordId: digits 32 => "cloudflare:dns:Record";
    /// The id of a zone.
    ZoneId: digits 32 => "";
}
