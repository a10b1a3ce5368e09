//! [`SiteCertificate`]: the certificate of a site, confirmed by its own zone.

use infra_core::{
    aws::{
        CertificateArn, HostedZoneId,
        acm::{Certificate, CertificateValidation},
        route53,
    },
    cloudflare::{ZoneId, dns},
    prelude::*,
};

use crate::Domain;

/// The certificate of a site: asked for, confirmed by a record of its zone, and waited for.
///
/// ```
/// use infra_core::{aws::route53::HostedZone, prelude::*};
/// use moodle_infra::{Moodle, SiteCertificate};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// let domain: moodle_infra::Domain = "moodle.example.edu".parse()?;
/// let zone = HostedZone::named("site").name(domain.as_str()).create(&stack);
/// let certificate = SiteCertificate::in_zone(&stack, "certificate", &domain, &zone);
/// let site = Moodle::named("campus")
///     .domain(domain.clone())
///     .certificate(certificate.arn())
///     .create(&stack)?;
/// site.balancer.named_in_zone(&stack, "site", &domain, &zone);
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SiteCertificate {
    /// The certificate, which is not issued when it is there.
    pub certificate: Certificate,
    /// The record that confirms its domain; it stays, since AWS renews the certificate by it.
    pub record: ConfirmedBy,
    /// What waits until it is issued.
    pub validation: CertificateValidation,
}

impl SiteCertificate {
    /// The certificate of a domain that a zone answers for, in a component of its own. It is one
    /// of the region that the stack, or the component around it, is for: load balancers want
    /// theirs, CloudFront wants us-east-1.
    #[track_caller]
    pub fn in_zone(
        stack: &Stack,
        name: &str,
        domain: &Domain,
        zone: impl IntoInput<HostedZoneId>,
    ) -> Self {
        let stack = &stack.component(name);
        let certificate = Certificate::named("site").domain_name(domain.as_str()).create(stack);
        let confirms = certificate.validation_records().index(0);
        let record = route53::Record::that_validates("confirmation", zone, &confirms).create(stack);
        Self::waited_for(stack, certificate, ConfirmedBy::Route53(record))
    }

    /// The same of a domain that a zone of Cloudflare's answers for.
    #[track_caller]
    pub fn in_cloudflare(
        stack: &Stack,
        name: &str,
        domain: &Domain,
        zone: impl IntoInput<ZoneId>,
    ) -> Self {
        let stack = &stack.component(name);
        let certificate = Certificate::named("site").domain_name(domain.as_str()).create(stack);
        let confirms = certificate.validation_records().index(0);
        // AWS ends names with a dot, which Cloudflare leaves out.
        let bare = |name: String| name.trim_end_matches('.').to_owned();
        let record = dns::Record::named("confirmation")
            .zone_id(zone)
            .name(confirms.map(move |record| bare(record.name)))
            .content(confirms.map(move |record| dns::RecordContentArgs::Cname(bare(record.value))))
            .create(stack);
        Self::waited_for(stack, certificate, ConfirmedBy::Cloudflare(record))
    }

    /// The certificate of the same domain in another region, in a component of its own: CloudFront
    /// wants its own in us-east-1. AWS confirms it by the same record.
    #[track_caller]
    pub fn also_in(&self, stack: &Stack, name: &str, domain: &Domain, region: &str) -> Self {
        let there = ComponentOptions::default().provider(Provider::aws(region));
        let stack = &stack.component_with(name, there);
        let certificate = Certificate::named("site").domain_name(domain.as_str()).create(stack);
        Self::waited_for(stack, certificate, self.record)
    }

    #[track_caller]
    fn waited_for(stack: &Stack, certificate: Certificate, record: ConfirmedBy) -> Self {
        let wait = CertificateValidation::named("site").certificate_arn(&certificate);
        let validation = match &record {
            ConfirmedBy::Route53(record) => wait.record_names([record.fqdn()]).create(stack),
            ConfirmedBy::Cloudflare(record) => {
                wait.record_names([record.name()]).depends_on(record).create(stack)
            }
        };
        Self { certificate, record, validation }
    }

    /// The ARN, once the certificate is issued.
    #[must_use]
    pub fn arn(&self) -> Output<CertificateArn> {
        self.validation.issued_arn()
    }
}

/// The record that confirms the domain of a certificate.
#[derive(Clone, Copy, Debug)]
pub enum ConfirmedBy {
    /// One of Route 53.
    Route53(route53::Record),
    /// One of Cloudflare.
    Cloudflare(dns::Record),
}
