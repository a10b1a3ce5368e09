//! Certificates as listeners take them.

use infra_core::{
    aws::{
        CertificateArn,
        acm::{Certificate, CertificateValidation},
        route53::{HostedZone, Record},
    },
    prelude::*,
};

/// The ARN of a certificate that is issued for a domain, in a zone of its own. The name is that of
/// all that it takes.
pub fn issued(stack: &Stack, name: &str, domain: &str) -> Output<CertificateArn> {
    let zone = HostedZone::named(name).name(domain).create(stack);
    let certificate = Certificate::named(name).domain_name(domain).create(stack);
    let record = certificate.validation_records().index(0);
    let record = Record::that_validates(name, &zone, &record).create(stack);
    let validation = CertificateValidation::named(name)
        .certificate_arn(&certificate)
        .record_names([record.fqdn()])
        .create(stack);
    validation.issued_arn()
}
