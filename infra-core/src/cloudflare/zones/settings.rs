//! Cloudflare: PATCH and GET /zones/{zone_id}/settings/{setting_id}.

use crate::{
    cloudflare::{Switch, ZoneId},
    prelude::*,
    props, resource,
};

/// How Cloudflare serves a zone: each property one setting of it, changed by a call of its own.
///
/// What is not given stays as it is; what is no longer given, and everything when this is deleted,
/// goes back to Cloudflare's own defaults.
///
/// ```
/// use infra_core::{
///     cloudflare::{Plan, Switch, zones::{Settings, SslMode, TlsVersion, Zone}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(&stack);
/// Settings::named("campus")
///     .zone_id(zone.zone_id())
///     .ssl(SslMode::Strict)
///     .min_tls_version(TlsVersion::V1_2)
///     .always_use_https(Switch::On)
///     .rocket_loader(Switch::Off)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("cloudflare:zones:Settings", key(zone_id), create = "1s", update = "1s", delete = "1s")]
pub struct Settings {
    /// The zone. Changing it replaces the settings. Cloudflare: `zone_id`.
    #[prop(replace)]
    pub zone_id: ZoneId,
    /// How Cloudflare speaks to the site's own servers. Default: as it is. Changes in place.
    /// Cloudflare: `ssl`.
    #[prop(separate)]
    pub ssl: Option<SslMode>,
    /// The least version of TLS that clients may speak. Default: as it is. Changes in place.
    /// Cloudflare: `min_tls_version`.
    #[prop(separate)]
    pub min_tls_version: Option<TlsVersion>,
    /// Whether clients may speak TLS 1.3. Default: as it is. Changes in place. Cloudflare:
    /// `tls_1_3`.
    #[prop(separate)]
    pub tls_1_3: Option<Tls13>,
    /// Whether requests by HTTP are sent on to HTTPS. Default: as it is. Changes in place.
    /// Cloudflare: `always_use_https`.
    #[prop(separate)]
    pub always_use_https: Option<Switch>,
    /// Whether links by HTTP in pages are written anew as HTTPS. Default: as it is. Changes in
    /// place. Cloudflare: `automatic_https_rewrites`.
    #[prop(separate)]
    pub automatic_https_rewrites: Option<Switch>,
    /// Whether requests by HTTP may be encrypted where the browser offers it. Default: as it is.
    /// Changes in place. Cloudflare: `opportunistic_encryption`.
    #[prop(separate)]
    pub opportunistic_encryption: Option<Switch>,
    /// What browsers are told about HTTPS. Default: as it is. Changes in place. Cloudflare:
    /// `security_header`.
    #[prop(separate)]
    pub security_header: Option<StrictTransportSecurity>,
    /// Whether Cloudflare shows its own certificate, the same for all zones, to the site's servers;
    /// [`AuthenticatedOriginPulls`](crate::cloudflare::origin_tls::AuthenticatedOriginPulls) has
    /// one for the zone alone. Default: as it is. Changes in place. Cloudflare:
    /// `tls_client_auth`.
    #[prop(separate)]
    pub tls_client_auth: Option<Switch>,
    /// Whether connections may become WebSockets. Default: as it is. Changes in place. Cloudflare:
    /// `websockets`.
    #[prop(separate)]
    pub websockets: Option<Switch>,
    /// Whether clients may speak HTTP/3. Default: as it is. Changes in place. Cloudflare: `http3`.
    #[prop(separate)]
    pub http3: Option<Switch>,
    /// Whether clients may send a request with their first packet, which others can repeat.
    /// Default: as it is. Changes in place. Cloudflare: `0rtt`.
    #[prop(separate)]
    pub zero_rtt: Option<Switch>,
    /// Whether links to scripts and styles are told before the page is there. Default: as it is.
    /// Changes in place. Cloudflare: `early_hints`.
    #[prop(separate)]
    pub early_hints: Option<Switch>,
    /// Whether clients may come by IPv6. Default: as it is. Changes in place. Cloudflare: `ipv6`.
    #[prop(separate)]
    pub ipv6: Option<Switch>,
    /// Whether the site's servers are told the country, in `CF-IPCountry`. Default: as it is.
    /// Changes in place. Cloudflare: `ip_geolocation`.
    #[prop(separate)]
    pub ip_geolocation: Option<Switch>,
    /// Whether the site's servers are told the client's address in `True-Client-IP` as well.
    /// Enterprise. Default: as it is. Changes in place. Cloudflare: `true_client_ip_header`.
    #[prop(separate)]
    pub true_client_ip_header: Option<Switch>,
    /// Which visitors are challenged. Default: as it is. Changes in place. Cloudflare:
    /// `security_level`.
    #[prop(separate)]
    pub security_level: Option<SecurityLevel>,
    /// For how long a challenge that was passed counts, 300 s to a year, in the steps that
    /// Cloudflare has. Default: as it is. Changes in place. Cloudflare: `challenge_ttl`.
    #[prop(separate)]
    pub challenge_ttl: Option<Seconds>,
    /// Whether requests whose headers no browser sends are turned away. Default: as it is. Changes
    /// in place. Cloudflare: `browser_check`.
    #[prop(separate)]
    pub browser_check: Option<Switch>,
    /// How long browsers keep what is cached, in the steps that Cloudflare has; 0 is what the
    /// site's servers say. Default: as it is. Changes in place. Cloudflare: `browser_cache_ttl`.
    #[prop(separate)]
    pub browser_cache_ttl: Option<Seconds>,
    /// How query strings tell cached files apart. Default: as it is. Changes in place. Cloudflare:
    /// `cache_level`.
    #[prop(separate)]
    pub cache_level: Option<CacheLevel>,
    /// Whether an archive's copy is shown when the site is down. Default: as it is. Changes in
    /// place. Cloudflare: `always_online`.
    #[prop(separate)]
    pub always_online: Option<Switch>,
    /// Whether addresses of mail in pages are hidden from harvesters, by a script that it puts into
    /// them. Default: as it is. Changes in place. Cloudflare: `email_obfuscation`.
    #[prop(separate)]
    pub email_obfuscation: Option<Switch>,
    /// Whether pictures are kept from pages of other sites. Default: as it is. Changes in place.
    /// Cloudflare: `hotlink_protection`.
    #[prop(separate)]
    pub hotlink_protection: Option<Switch>,
    /// Whether scripts are loaded after the page, which breaks pages that rely on their order.
    /// Default: as it is. Changes in place. Cloudflare: `rocket_loader`.
    #[prop(separate)]
    pub rocket_loader: Option<Switch>,
    /// The largest body of a request, 100 MB to 500 MB in steps of 25; more than 100 MB on a plan
    /// that allows it alone. Default: as it is. Changes in place. Cloudflare: `max_upload`.
    #[prop(separate)]
    pub max_upload: Option<MB>,
    /// How long the site's servers may take to answer, 1 to 6000 s. Enterprise; 100 s on other
    /// plans. Default: as it is. Changes in place. Cloudflare: `proxy_read_timeout`.
    #[prop(separate)]
    pub proxy_read_timeout: Option<Seconds>,
}

/// How Cloudflare speaks to the site's own servers.
#[props]
pub enum SslMode {
    /// Clients speak HTTP alone.
    #[prop("off")]
    Off,
    /// By HTTP, whatever the client speaks: passwords cross the internet in clear.
    #[prop("flexible")]
    Flexible,
    /// By what the client speaks, whoever's certificate the servers show.
    #[prop("full")]
    Full,
    /// By what the client speaks, with a certificate that is good for the site.
    #[prop("strict")]
    Strict,
    /// By HTTPS always, with a certificate that is good for the site. Enterprise.
    #[prop("origin_pull")]
    OriginPull,
}

/// A version of TLS.
#[props]
pub enum TlsVersion {
    /// TLS 1.0, broken.
    #[prop("1.0")]
    V1_0,
    /// TLS 1.1, broken.
    #[prop("1.1")]
    V1_1,
    /// TLS 1.2.
    #[prop("1.2")]
    V1_2,
    /// TLS 1.3.
    #[prop("1.3")]
    V1_3,
}

/// Whether clients may speak TLS 1.3.
#[props]
pub enum Tls13 {
    /// They may.
    #[prop("on")]
    On,
    /// They may not.
    #[prop("off")]
    Off,
    /// They may, and send a request with their first packet.
    #[prop("zrt")]
    OnWithZeroRtt,
}

/// Which visitors are challenged.
#[props]
pub enum SecurityLevel {
    /// None. Enterprise.
    #[prop("off")]
    Off,
    /// Those of the worst repute.
    #[prop("essentially_off")]
    EssentiallyOff,
    /// Those of bad repute.
    #[prop("low")]
    Low,
    /// Those of middling repute.
    #[prop("medium")]
    Medium,
    /// Those who did anything wrong in the last two weeks.
    #[prop("high")]
    High,
    /// All.
    #[prop("under_attack")]
    UnderAttack,
}

/// How query strings tell cached files apart.
#[props(words = "lower")]
pub enum CacheLevel {
    /// What has a query string is not cached.
    Basic,
    /// Not at all: one file for all query strings.
    Simplified,
    /// Each query string has a file of its own.
    Aggressive,
}

/// What browsers are told about HTTPS: to use nothing else for so long.
#[props]
pub struct StrictTransportSecurity {
    /// Whether they are told. Cloudflare: `enabled`.
    pub enabled: bool,
    /// For how long. Default: 0 s. Cloudflare: `max_age`.
    #[prop(default = Seconds(0))]
    pub max_age: Seconds,
    /// Whether it holds for what is below the domain as well. Default: false. Cloudflare:
    /// `include_subdomains`.
    #[prop(default = false)]
    pub include_subdomains: bool,
    /// Whether browsers may know it before their first visit. Default: false. Cloudflare:
    /// `preload`.
    #[prop(default = false)]
    pub preload: bool,
    /// Whether browsers are told not to guess what files are. Default: false. Cloudflare:
    /// `nosniff`.
    #[prop(default = false)]
    pub nosniff: bool,
}
