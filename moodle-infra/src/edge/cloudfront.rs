//! [`CloudFront`]: the edge in the site's own account.

mod firewall;

use infra_core::{
    aws::{
        CertificateArn, HostedZoneId, PrefixListId,
        cloudfront::{
            AllowedMethods, CacheBehavior, CachePolicy, Distribution, HeaderSelection, HttpVersion,
            InVpc, ManagedCachePolicy, ManagedOriginRequestPolicy, Origin, OriginKind,
            OriginProtocolPolicy, OriginRequestPolicy, PathBehavior, Selection, ViewerCertificate,
            ViewerProtocolPolicy, VpcOrigin,
        },
        ec2::ManagedPrefixList,
        route53::{AliasTarget, Record, RecordType},
        wafv2::WebAcl,
    },
    prelude::*,
};

use super::{check_campus, paths::PUBLIC};
use crate::{Balancer, Domain, SettingsError, WebSettings};

/// How CloudFront is to serve a site.
///
/// ```
/// use infra_core::{aws::route53::HostedZone, prelude::*};
/// use moodle_infra::{CloudFrontSettings, Domain, Edge, Moodle, SiteCertificate};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// let domain: Domain = "moodle.example.edu".parse()?;
/// let zone = HostedZone::named("site").name(domain.as_str()).create(&stack);
/// let certificate = SiteCertificate::in_zone(&stack, "certificate", &domain, &zone);
/// let there = certificate.also_in(&stack, "certificate-edge", &domain, "us-east-1");
/// Moodle::named("campus")
///     .domain(domain)
///     .certificate(certificate.arn())
///     .edge(Edge::CloudFront(CloudFrontSettings::new(&zone, there.arn())))
///     .create(&stack)?;
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CloudFrontSettings {
    /// The zone that answers for the site's name.
    pub zone: Input<HostedZoneId>,
    /// The certificate of the site's name in us-east-1, where CloudFront wants it; see
    /// [`SiteCertificate::also_in`](crate::SiteCertificate::also_in).
    pub certificate: Input<CertificateArn>,
    /// The ranges of those who come in their hundreds from one address: how often one address may
    /// come is no matter for them. Default: none.
    pub campus: Vec<Ipv4Net>,
    /// How many requests a minute one session may make; an address outside the campus may make ten
    /// times as many. Default: 600.
    pub requests_per_minute: u32,
    /// How long the balancer may take to answer. AWS lets everybody have 120 s, and raises that to
    /// 180 s at most (Service Quotas, "Response timeout per origin"). Default: 120 s.
    pub longest_answer: Seconds,
}

/// The longest that AWS lets an origin be silent, after it has raised the quota.
const LONGEST_ANSWER: Seconds = Seconds(180);

impl CloudFrontSettings {
    /// The zone that answers for the site's name, and its certificate in us-east-1.
    pub fn new(
        zone: impl IntoInput<HostedZoneId>,
        certificate: impl IntoInput<CertificateArn>,
    ) -> Self {
        Self {
            zone: zone.into_input(),
            certificate: certificate.into_input(),
            campus: vec![],
            requests_per_minute: 600,
            longest_answer: Seconds(120),
        }
    }

    /// Whose ranges are spared.
    #[must_use]
    pub fn campus(mut self, ranges: impl IntoIterator<Item = Ipv4Net>) -> Self {
        self.campus = ranges.into_iter().collect();
        self
    }

    /// How many requests a minute one session may make.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = requests;
        self
    }

    /// How long the balancer may take to answer, as AWS has raised the quota.
    #[must_use]
    pub fn longest_answer(mut self, seconds: Seconds) -> Self {
        self.longest_answer = seconds;
        self
    }

    /// # Errors
    /// If the campus is everybody, or AWS waits for no such time.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if !(1..=LONGEST_ANSWER.0).contains(&self.longest_answer.0) {
            let (seconds, most) = (self.longest_answer.0, LONGEST_ANSWER.0);
            return Err(SettingsError::EdgeRequest {
                edge: "CloudFront".to_owned(),
                seconds,
                most,
            });
        }
        check_campus(&self.campus)
    }
}

/// CloudFront in front of a site, with a firewall. The balancer is within the network, and reached by
/// nobody else.
#[derive(Clone, Debug)]
pub struct CloudFront {
    /// The firewall, in us-east-1.
    pub firewall: WebAcl,
    /// The way to the balancer.
    pub origin: VpcOrigin,
    /// The site.
    pub distribution: Distribution,
    /// The site's name, which leads there by IPv4 and IPv6.
    pub records: [Record; 2],
}

/// What AWS calls the ranges that CloudFront asks from.
const RANGES: &str = "com.amazonaws.global.cloudfront.origin-facing";
/// What the behaviours call the balancer.
const BALANCER: &str = "balancer";

/// What of CloudFront is there before the balancer is.
pub(crate) struct Lock {
    place: Stack,
    of: CloudFrontSettings,
    ranges: ManagedPrefixList,
}

impl Lock {
    pub(super) fn create(stack: &Stack, name: &str, of: &CloudFrontSettings) -> Self {
        let place = stack.component(name);
        let ranges =
            ManagedPrefixList::lookup("cloudfront").prefix_list_name(RANGES).create(&place);
        Self { place, of: of.clone(), ranges }
    }

    pub(super) fn list(&self) -> Output<PrefixListId> {
        self.ranges.prefix_list_id()
    }

    pub(super) fn finish(
        self,
        domain: &Domain,
        balancer: &Balancer,
        web: &WebSettings,
    ) -> CloudFront {
        let Self { place, of, .. } = self;
        let stack = &place;
        let firewall = firewall::create(stack, &of);
        // Names of the account, which has one site of that name.
        let name: String = domain.as_str().replace('.', "-").chars().take(64).collect();
        let origin = VpcOrigin::named("balancer")
            .name(&name)
            .endpoint_arn(&balancer.load_balancer)
            .origin_protocol_policy(OriginProtocolPolicy::HttpsOnly)
            .depends_on(&balancer.https)
            .create(stack);
        let way = OriginKind::inside(
            InVpc::new(&origin)
                .origin_read_timeout(web.longest_request)
                .origin_keepalive_timeout(Seconds(60)),
        );
        let https = ViewerProtocolPolicy::RedirectToHttps;
        // The host that is asked for reaches the balancer: its certificate is for that name.
        let pages = CacheBehavior::new(BALANCER, https, ManagedCachePolicy::CachingDisabled)
            .origin_request_policy_id(ManagedOriginRequestPolicy::AllViewer)
            .allowed_methods(AllowedMethods::All);
        let distribution = Distribution::named("site")
            .origins([Origin::new(BALANCER, balancer.load_balancer.dns_name(), way)])
            .default_cache_behavior(pages)
            .cache_behaviors(public(stack, &name))
            .aliases([domain.as_str()])
            .viewer_certificate(ViewerCertificate::new(of.certificate))
            .web_acl_id(firewall.arn())
            .http_version(HttpVersion::Http2And3)
            .comment(domain.as_str())
            .create(stack);
        let record = |name: &str, record_type| {
            Record::named(name)
                .hosted_zone_id(of.zone.clone())
                .name(domain.as_str())
                .record_type(record_type)
                .alias_target(AliasTarget::distribution(&distribution))
                .create(stack)
        };
        let records = [record("site", RecordType::A), record("site-ipv6", RecordType::Aaaa)];
        CloudFront { firewall, origin, distribution, records }
    }
}

/// What is everybody's, kept for as long as the site says. No cookie goes along, nor comes back.
fn public(stack: &Stack, name: &str) -> Vec<PathBehavior> {
    let kept = CachePolicy::named("public")
        .name(format!("{name}-public"))
        .default_ttl(Seconds(0))
        .query_strings(Selection::everything())
        .create(stack);
    let told = OriginRequestPolicy::named("public")
        .name(format!("{name}-public"))
        .headers(HeaderSelection::only(["Host"]))
        .create(stack);
    let https = ViewerProtocolPolicy::RedirectToHttps;
    let all = PUBLIC.iter().map(|(path, _)| {
        let behavior = CacheBehavior::new(BALANCER, https, &kept).origin_request_policy_id(&told);
        PathBehavior::new(format!("{path}*"), behavior)
    });
    all.collect()
}
