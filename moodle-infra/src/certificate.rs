//! [`SiteCertificate`]: the certificate of a site, confirmed by its own zone.

use infra_core::{
    aws::{
        CertificateArn, HostedZoneId,
        acm::{Certificate, CertificateValidation},
        route53::Record,
    },
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
#[derive(Clone, Copy, Debug)]
pub struct SiteCertificate {
    /// The certificate, which is not issued when it is there.
    pub certificate: Certificate,
    /// The record that confirms its domain; it stays, since AWS renews the certificate by it.
    pub record: Record,
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
        let record = Record::that_validates("confirmation", zone, &confirms).create(stack);
        let validation = CertificateValidation::named("site")
            .certificate_arn(&certificate)
            .record_names([record.fqdn()])
            .create(stack);
        Self { certificate, record, validation }
    }

    /// The ARN, once the certificate is issued.
    #[must_use]
    pub fn arn(&self) -> Output<CertificateArn> {
        self.validation.issued_arn()
    }
}
