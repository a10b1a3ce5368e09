//! [`Cloudflare`]: the edge in an account of Cloudflare's.

mod rules;

use infra_core::{
    aws::{
        PrefixListId, TrustStoreArn,
        ec2::{AddressFamily, PrefixList, PrefixListEntryArgs},
        elbv2::TrustStore,
        s3::{Bucket, Object},
    },
    cloudflare::{
        Plan, Switch,
        dns::{Record, RecordContentArgs},
        ips::AddressRanges,
        origin_tls::{AuthenticatedOriginPulls, Certificate},
        rulesets::{Phase, Ruleset},
        zones::{Settings, SslMode, Tls13, TlsVersion, Zone},
    },
    local::{ClientCertificate, Subject},
    prelude::*,
    types::IpNet,
};

use self::rules::Rules;
use super::check_campus;
use crate::{Balancer, Domain, SettingsError, WebSettings};

/// How Cloudflare is to serve a site.
///
/// The zone's settings hold for all of it, and a zone has one list of rules of each kind: those of
/// the site take the place of what was there. They are about its name alone, but for the search for
/// attacks, and on Free for the limits.
#[derive(Clone, Debug)]
pub struct CloudflareSettings {
    /// The zone that the site's name is in, such as `example.edu`.
    pub zone: Domain,
    /// What is paid for it: that bounds uploads and how long an answer may take.
    pub plan: Plan,
    /// The ranges of those who come in their hundreds from one address: no limit of how often
    /// somebody may come holds for them, and no challenge. Default: none.
    pub campus: Vec<Ipv4Net>,
    /// How many requests a minute one address may make, besides those for what is cached. On Business
    /// and Enterprise Cloudflare tells people apart who share an address. Default: 1200.
    pub requests_per_minute: u32,
}

impl CloudflareSettings {
    /// A zone and its plan.
    #[must_use]
    pub fn new(zone: Domain, plan: Plan) -> Self {
        Self { zone, plan, campus: vec![], requests_per_minute: 1200 }
    }

    /// Whose ranges are spared.
    #[must_use]
    pub fn campus(mut self, ranges: impl IntoIterator<Item = Ipv4Net>) -> Self {
        self.campus = ranges.into_iter().collect();
        self
    }

    /// How many requests a minute one address may make.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = requests;
        self
    }

    /// # Errors
    /// If the site's name is in another zone, or the campus is everybody.
    pub(super) fn check(&self, domain: &Domain) -> Result<(), SettingsError> {
        if !domain.is_within(&self.zone) {
            let (domain, zone) = (domain.to_string(), self.zone.to_string());
            return Err(SettingsError::EdgeZone { domain, zone });
        }
        check_campus(&self.campus)
    }
}

/// Cloudflare in front of a site. It alone reaches the balancer: by its addresses, and by a
/// certificate that it shows and nobody else has.
#[derive(Clone, Debug)]
pub struct Cloudflare {
    /// The zone.
    pub zone: Zone,
    /// Its addresses, from which the balancer is reached.
    pub addresses: PrefixList,
    /// What it shows to the balancer.
    pub certificate: ClientCertificate,
    /// The authority that the balancer takes for it.
    pub trust_store: TrustStore,
    /// That it shows it.
    pub pulls: AuthenticatedOriginPulls,
    /// The site's name, which leads to Cloudflare.
    pub record: Record,
    /// How it serves the zone.
    pub settings: Settings,
    /// What is challenged, limited, looked at and cached.
    pub rules: Vec<Ruleset>,
}

/// Ranges that Cloudflare may have: fifteen, and some more. A rule of a group counts for so many of
/// its sixty.
const MOST_RANGES: u32 = 20;

/// Where the authority lies in the site's bucket.
const AUTHORITY: &str = "edge/authority.pem";

/// What of Cloudflare is there before the balancer is.
pub(crate) struct Lock {
    place: Stack,
    of: CloudflareSettings,
    zone: Zone,
    ranges: AddressRanges,
    addresses: PrefixList,
    proof: Option<(ClientCertificate, TrustStore)>,
}

impl Lock {
    pub(super) fn create(stack: &Stack, name: &str, of: &CloudflareSettings) -> Self {
        let place = stack.component(name);
        let zone = Zone::lookup("zone").name(of.zone.as_str()).plan(of.plan).create(&place);
        let ranges = AddressRanges::lookup("cloudflare").create(&place);
        let entries = ranges.ipv4_cidrs().map(|ranges| {
            let entry = |range| PrefixListEntryArgs { cidr: IpNet::V4(range), description: None };
            ranges.into_iter().map(entry).collect::<Vec<_>>()
        });
        let addresses = PrefixList::named("cloudflare")
            .prefix_list_name("cloudflare")
            .address_family(AddressFamily::Ipv4)
            .max_entries(MOST_RANGES)
            .entries(entries)
            .create(&place);
        Self { place, of: of.clone(), zone, ranges, addresses, proof: None }
    }

    pub(super) fn list(&self) -> Output<PrefixListId> {
        self.addresses.prefix_list_id()
    }

    pub(super) fn trusted(&self) -> Output<Vec<Ipv4Net>> {
        self.ranges.ipv4_cidrs()
    }

    /// The authority of whom the balancer lets in.
    pub(super) fn prove(&mut self, bucket: &Bucket) -> Output<TrustStoreArn> {
        let (stack, zone) = (&self.place, self.of.zone.as_str());
        // Names of certificates have 64 characters at most.
        let whose = Subject::new("Cloudflare").organization(zone);
        let certificate = ClientCertificate::named("edge").subject(whose).create(stack);
        let authority = Object::named("authority")
            .bucket(bucket)
            .key(AUTHORITY)
            .content(certificate.authority_pem())
            .content_type("application/x-pem-file")
            .create(stack);
        let store = TrustStore::named("edge")
            .ca_certificates_bundle_s3_bucket(bucket)
            .ca_certificates_bundle_s3_key(authority.key())
            .ca_certificates_bundle_s3_object_version(authority.version_id())
            .create(stack);
        self.proof = Some((certificate, store));
        store.trust_store_arn()
    }

    pub(super) fn finish(
        self,
        domain: &Domain,
        balancer: &Balancer,
        web: &WebSettings,
    ) -> Cloudflare {
        let Self { place, of, zone, addresses, proof, .. } = self;
        let stack = &place;
        let (certificate, trust_store) = proof.expect("the balancer has been told what proves it");
        let shown = Certificate::named("edge")
            .zone_id(zone.zone_id())
            .certificate(certificate.certificate_pem())
            .private_key(certificate.private_key_pem())
            .create(stack);
        let pulls = AuthenticatedOriginPulls::named("edge")
            .zone_id(zone.zone_id())
            .certificate_id(&shown)
            .create(stack);
        let settings = settings(stack, &zone, of.plan, web);
        let rules = rulesets(stack, &zone, &Rules { of: &of, domain });
        // People come when all that guards the site is there.
        let name = balancer.load_balancer.dns_name();
        let record = Record::named("site")
            .zone_id(zone.zone_id())
            .name(domain.as_str())
            .content(name.map(RecordContentArgs::Cname))
            .proxied(true)
            .depends_on(&pulls)
            .depends_on(&settings)
            .depends_on(&balancer.https)
            .create(stack);
        Cloudflare { zone, addresses, certificate, trust_store, pulls, record, settings, rules }
    }
}

/// Nothing that changes pages on their way: quizzes and editors rely on what Moodle has sent. What
/// looks at headers as browsers send them would turn away Moodle's app, LTI and web services.
fn settings(stack: &Stack, zone: &Zone, plan: Plan, web: &WebSettings) -> Settings {
    let settings = Settings::named("zone")
        .zone_id(zone.zone_id())
        .ssl(SslMode::Strict)
        .min_tls_version(TlsVersion::V1_2)
        .tls_1_3(Tls13::On)
        .zero_rtt(Switch::Off)
        .always_use_https(Switch::On)
        .automatic_https_rewrites(Switch::Off)
        .rocket_loader(Switch::Off)
        .email_obfuscation(Switch::Off)
        .browser_check(Switch::Off)
        .hotlink_protection(Switch::Off)
        .always_online(Switch::Off)
        .browser_cache_ttl(Seconds(0))
        .max_upload(step(web));
    let settings = match plan {
        Plan::Enterprise => settings.proxy_read_timeout(web.longest_request),
        _ => settings,
    };
    settings.create(stack)
}

/// The least of the sizes that Cloudflare offers which lets the largest request through.
fn step(web: &WebSettings) -> MB {
    const LEAST: u64 = 100;
    const STEP: u64 = 25;
    let bytes = u64::from(web.largest_request().0) << 20;
    let steps = bytes.div_ceil(1_000_000).div_ceil(STEP) * STEP;
    MB(u32::try_from(steps.max(LEAST)).unwrap_or(u32::MAX))
}

fn rulesets(stack: &Stack, zone: &Zone, rules: &Rules<'_>) -> Vec<Ruleset> {
    let all = [
        ("challenges", Phase::HttpRequestFirewallCustom, rules.challenges()),
        ("limits", Phase::HttpRatelimit, rules.limits()),
        ("attacks", Phase::HttpRequestFirewallManaged, rules.attacks()),
        ("cache", Phase::HttpRequestCacheSettings, rules.cache()),
    ];
    let some = all.into_iter().filter(|(_, _, rules)| !rules.is_empty());
    some.map(|(name, phase, rules)| {
        Ruleset::named(name).zone_id(zone.zone_id()).phase(phase).rules(rules).create(stack)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_lets_the_largest_request_through() {
        for (upload, size) in [(50, 100), (87, 100), (88, 125), (182, 200), (468, 500)] {
            let web = WebSettings { upload: MiB(upload), ..WebSettings::default() };
            assert_eq!(step(&web), MB(size), "{upload}");
        }
    }
}
