//! Where a distribution gets what it does not have.

use crate::{
    aws::{OriginAccessControlId, VpcOriginId},
    prelude::*,
    props,
};

/// Where a distribution gets what it does not have.
#[props]
pub struct Origin {
    /// What behaviours name it by, up to 128 characters. AWS: `Id`.
    pub id: String,
    /// Its name in DNS: that of a load balancer, of a bucket in its region, of any server. AWS:
    /// `DomainName`.
    pub domain_name: String,
    /// What it is. AWS: `CustomOriginConfig`, `S3OriginConfig`, `VpcOriginConfig`.
    pub kind: OriginKind,
    /// What stands before all paths that it is asked for, such as `/public`. Default: nothing.
    /// AWS: `OriginPath`.
    pub origin_path: Option<String>,
    /// Headers that it gets: one with a secret shows that CloudFront asks. Default: none. AWS:
    /// `OriginCustomHeaders`.
    #[prop(default)]
    pub custom_headers: Vec<OriginCustomHeader>,
    /// How often it is tried, 1 to 3. Default: 3. AWS: `ConnectionAttempts`.
    #[prop(default = 3)]
    pub connection_attempts: u32,
    /// How long each try takes, 1 to 10 s. Default: 10 s. AWS: `ConnectionTimeout`.
    #[prop(default = Seconds(10))]
    pub connection_timeout: Seconds,
    /// How long the whole answer may take, tries and all. Default: there is no bound. AWS:
    /// `ResponseCompletionTimeout`.
    pub response_completion_timeout: Option<Seconds>,
    /// The region whose cache asks for all others. Default: each edge asks by itself. AWS:
    /// `OriginShield.OriginShieldRegion`.
    pub origin_shield_region: Option<String>,
}

/// What an origin is.
#[props]
pub enum OriginKind {
    /// Anything that speaks HTTP and is reached from the internet. AWS: `CustomOriginConfig`.
    Custom(CustomOrigin),
    /// A bucket. AWS: `S3OriginConfig`.
    S3(S3Origin),
    /// A load balancer within a VPC, which nobody else reaches. AWS: `VpcOriginConfig`.
    Inside(InVpc),
}

/// Anything that speaks HTTP and is reached from the internet.
#[props]
pub struct CustomOrigin {
    /// Whether it is asked with TLS. AWS: `OriginProtocolPolicy`.
    pub origin_protocol_policy: OriginProtocolPolicy,
    /// Its port without TLS. Default: 80. AWS: `HTTPPort`.
    #[prop(default = 80)]
    pub http_port: u16,
    /// Its port with TLS. Default: 443. AWS: `HTTPSPort`.
    #[prop(default = 443)]
    pub https_port: u16,
    /// Which versions of TLS are spoken with it. Default: 1.2. AWS: `OriginSSLProtocols`.
    #[prop(default = [OriginSslProtocol::TlsV12])]
    pub origin_ssl_protocols: Vec<OriginSslProtocol>,
    /// How long it may be silent, 1 to 180 s; above 120 s AWS must have raised the quota. Default:
    /// 30 s. AWS: `OriginReadTimeout`.
    #[prop(default = Seconds(30))]
    pub origin_read_timeout: Seconds,
    /// How long a connection without requests is kept, 1 to 180 s. Default: 5 s. AWS:
    /// `OriginKeepaliveTimeout`.
    #[prop(default = Seconds(5))]
    pub origin_keepalive_timeout: Seconds,
}

/// A bucket.
#[props]
pub struct S3Origin {
    /// As whom it is asked: its policy lets the distribution in, and nobody else. Default: as
    /// everybody. AWS: `OriginAccessControlId`.
    pub origin_access_control_id: Option<OriginAccessControlId>,
    /// How long it may be silent, 1 to 180 s; above 120 s AWS must have raised the quota. Default:
    /// 30 s. AWS: `OriginReadTimeout`.
    #[prop(default = Seconds(30))]
    pub origin_read_timeout: Seconds,
}

/// A load balancer within a VPC.
#[props]
pub struct InVpc {
    /// The VPC origin. AWS: `VpcOriginId`.
    #[prop(needs = ready)]
    pub vpc_origin_id: VpcOriginId,
    /// How long it may be silent, 1 to 180 s; above 120 s AWS must have raised the quota. Default:
    /// 30 s. AWS: `OriginReadTimeout`.
    #[prop(default = Seconds(30))]
    pub origin_read_timeout: Seconds,
    /// How long a connection without requests is kept, 1 to 180 s. Default: 5 s. AWS:
    /// `OriginKeepaliveTimeout`.
    #[prop(default = Seconds(5))]
    pub origin_keepalive_timeout: Seconds,
}

/// A header that an origin gets.
#[props]
pub struct OriginCustomHeader {
    /// Its name. AWS: `HeaderName`.
    pub header_name: String,
    /// What it says; nobody is shown it. AWS: `HeaderValue`.
    pub header_value: Secret<String>,
}

/// Whether an origin is asked with TLS.
#[props(words = "kebab")]
pub enum OriginProtocolPolicy {
    /// Never.
    HttpOnly,
    /// Always.
    HttpsOnly,
    /// Where the client did.
    MatchViewer,
}

/// A version of TLS.
#[props]
pub enum OriginSslProtocol {
    /// SSL 3, broken.
    #[prop("SSLv3")]
    SslV3,
    /// TLS 1.0, old.
    #[prop("TLSv1")]
    TlsV1,
    /// TLS 1.1, old.
    #[prop("TLSv1.1")]
    TlsV11,
    /// TLS 1.2; 1.3 is agreed on where both can.
    #[prop("TLSv1.2")]
    TlsV12,
}
