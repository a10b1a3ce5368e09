//! AWS: elasticloadbalancing CreateListener, ModifyListener, AddListenerCertificates,
//! RemoveListenerCertificates, ModifyListenerAttributes, AddTags, DescribeListeners,
//! DeleteListener.

use super::{Action, OnOff, Protocol};
use crate::{
    aws::{CertificateArn, ListenerArn, LoadBalancerArn, TrustStoreArn},
    prelude::*,
    props, resource,
};

/// A port of a load balancer, and what happens to what comes in there.
///
/// What no [`ListenerRule`](super::ListenerRule) is about goes by `default_actions`. A listener goes
/// with its load balancer, and its rules go with it.
///
/// ```
/// use infra_core::{
///     aws::{LoadBalancerArn, TargetGroupArn, elbv2::{Action, Listener, Protocol}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let balancer = LoadBalancerArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188").unwrap();
/// # let web = TargetGroupArn::parse("arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/6d0ecf831eec9f09").unwrap();
/// Listener::named("https")
///     .load_balancer_arn(&balancer)
///     .protocol(Protocol::Https)
///     .port(443_u16)
///     .certificates(["arn:aws:acm:eu-central-1:123456789012:certificate/1234abcd"])
///     .ssl_policy("ELBSecurityPolicy-TLS13-1-2-2021-06")
///     .default_actions([Action::to(web)])
///     .create(&stack);
/// Listener::named("http")
///     .load_balancer_arn(&balancer)
///     .protocol(Protocol::Http)
///     .port(80_u16)
///     .default_actions([Action::to_https()])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
// A target group belongs to one load balancer: an old listener goes before it can move to a new one.
#[resource(
    "aws:elbv2:Listener",
    unique(load_balancer_arn, port),
    delete_first,
    create = "1s",
    delete = "1s"
)]
pub struct Listener {
    /// The load balancer. Changing it replaces the listener. AWS: `LoadBalancerArn`.
    #[prop(replace, owner)]
    pub load_balancer_arn: LoadBalancerArn,
    /// The protocol: HTTP or HTTPS of an application load balancer, the others of a network load
    /// balancer. Changes in place. AWS: `Protocol`.
    pub protocol: Protocol,
    /// The port; a load balancer has one listener on it. Changes in place. AWS: `Port`.
    pub port: u16,
    /// What happens to what no rule is about. Changes in place. AWS: `DefaultActions`.
    pub default_actions: Vec<Action>,
    /// HTTPS and TLS: the certificates, the first of which is shown to who names no host, or one
    /// that no other fits. Default: none. Change in place. AWS: `Certificates` and
    /// AddListenerCertificates.
    #[prop(default)]
    pub certificates: Vec<CertificateArn>,
    /// HTTPS and TLS: which versions and ciphers are spoken. Default:
    /// `ELBSecurityPolicy-2016-08`, which still speaks TLS 1.0. Changes in place. AWS: `SslPolicy`.
    pub ssl_policy: Option<String>,
    /// TLS: whether HTTP/2 is agreed on. Default: it is not. Changes in place. AWS: `AlpnPolicy`.
    pub alpn_policy: Option<AlpnPolicy>,
    /// HTTPS: whether clients show a certificate too. Default: they need not. Changes in place.
    /// AWS: `MutualAuthentication`.
    pub mutual_authentication: Option<MutualAuthentication>,
    /// HTTP and HTTPS: headers that every answer gets. Default: none. Change in place. AWS:
    /// ModifyListenerAttributes, `routing.http.response.*.header_value`.
    #[prop(separate)]
    pub response_headers: Option<ResponseHeaders>,
    /// HTTP and HTTPS: whether answers of the load balancer itself say `Server: awselb/2.0`.
    /// Default: true. Changes in place. AWS: `routing.http.response.server.enabled`.
    #[prop(separate)]
    pub server_header: Option<bool>,
    /// TCP and TLS: how long a connection may be silent, 60 to 6000 s. Default: 350 s. Changes in
    /// place. AWS: `tcp.idle_timeout.seconds`.
    #[prop(separate)]
    pub tcp_idle_timeout: Option<Seconds>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `ListenerArn`.
    #[output(
        id,
        arn = "arn:aws:elasticloadbalancing:{region}:{account}:listener/{load_balancer_arn>loadbalancer/}/{random}",
        at = exists
    )]
    pub listener_arn: ListenerArn,
}

/// Whether a TLS listener agrees on HTTP/2 with its clients.
#[props]
pub enum AlpnPolicy {
    /// HTTP/1.1 alone.
    #[prop("HTTP1Only")]
    Http1Only,
    /// HTTP/2 alone.
    #[prop("HTTP2Only")]
    Http2Only,
    /// HTTP/1.1 before HTTP/2.
    #[prop("HTTP2Optional")]
    Http2Optional,
    /// HTTP/2 before HTTP/1.1.
    #[prop("HTTP2Preferred")]
    Http2Preferred,
    /// Nothing is agreed on.
    None,
}

/// Whether clients show a certificate.
#[props]
pub struct MutualAuthentication {
    /// Whether they do, and who looks at it. AWS: `Mode`.
    pub mode: MutualAuthenticationMode,
    /// The authorities that are trusted, with `verify` alone. Default: none. AWS: `TrustStoreArn`.
    pub trust_store_arn: Option<TrustStoreArn>,
    /// Whether certificates that expired are good, with `verify` alone. Default: false. AWS:
    /// `IgnoreClientCertificateExpiry`.
    pub ignore_client_certificate_expiry: Option<bool>,
    /// Whether clients are told which authorities are trusted, with `verify` alone. Default: off.
    /// AWS: `AdvertiseTrustStoreCaNames`.
    pub advertise_trust_store_ca_names: Option<OnOff>,
}

impl MutualAuthentication {
    /// The load balancer checks clients' certificates: origin pulls of a content network, say.
    pub fn verify(trust_store: impl IntoInput<TrustStoreArn>) -> Self {
        Self::new(MutualAuthenticationMode::Verify).trust_store_arn(trust_store)
    }
}

/// Whether clients show a certificate, and who looks at it.
#[props(words = "lower")]
pub enum MutualAuthenticationMode {
    /// They need not.
    Off,
    /// Targets look at it: they get it in a header.
    Passthrough,
    /// The load balancer does.
    Verify,
}

/// Headers that every answer gets, whatever the target says.
#[props]
pub struct ResponseHeaders {
    /// That browsers come back with HTTPS alone. Default: none. AWS: `strict_transport_security`.
    pub strict_transport_security: Option<String>,
    /// From where a page may load what. Default: none. AWS: `content_security_policy`.
    pub content_security_policy: Option<String>,
    /// That browsers believe the type: `nosniff`. Default: none. AWS: `x_content_type_options`.
    pub x_content_type_options: Option<String>,
    /// Whether a page may stand in a frame. Default: none. AWS: `x_frame_options`.
    pub x_frame_options: Option<String>,
    /// Which other sites may ask. Default: none. AWS: `access_control_allow_origin`.
    pub access_control_allow_origin: Option<String>,
    /// With which methods. Default: none. AWS: `access_control_allow_methods`.
    pub access_control_allow_methods: Option<String>,
    /// With which headers. Default: none. AWS: `access_control_allow_headers`.
    pub access_control_allow_headers: Option<String>,
    /// Whether with cookies. Default: none. AWS: `access_control_allow_credentials`.
    pub access_control_allow_credentials: Option<bool>,
    /// Which headers they may read. Default: none. AWS: `access_control_expose_headers`.
    pub access_control_expose_headers: Option<String>,
    /// How long browsers may remember that. Default: none. AWS: `access_control_max_age`.
    pub access_control_max_age: Option<Seconds>,
}
