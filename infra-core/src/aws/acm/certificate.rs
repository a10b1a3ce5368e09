//! AWS: acm RequestCertificate, UpdateCertificateOptions, AddTagsToCertificate,
//! DescribeCertificate, DeleteCertificate.

use crate::{aws::CertificateArn, prelude::*, props, resource};

/// A public certificate for TLS, whose domains are confirmed by records of the DNS.
///
/// It is ready when it is known which records those are, and not yet issued then: a
/// [`Record`](crate::aws::route53::Record) is made of each, and a
/// [`CertificateValidation`](super::CertificateValidation) waits for the rest. As long as the
/// records stay, AWS renews it by itself.
///
/// ```
/// use infra_core::{
///     aws::{acm::{Certificate, CertificateValidation}, route53::{HostedZone, Record}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = HostedZone::named("campus").name("campus.example.org").create(&stack);
/// let certificate = Certificate::named("web").domain_name("campus.example.org").create(&stack);
/// let record = Record::that_validates("web", &zone, &certificate.validation_records().index(0));
/// let issued = CertificateValidation::named("web")
///     .certificate_arn(&certificate)
///     .record_names([record.create(&stack).fqdn()])
///     .create(&stack);
/// stack.output("certificate", issued.issued_arn());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:acm:Certificate", find = token, create = "5s", delete = "1s")]
pub struct Certificate {
    /// The domain that it is for, up to 64 characters; `*.` at its beginning stands for any one
    /// label. Changing it replaces the certificate. AWS: `DomainName`.
    #[prop(replace)]
    pub domain_name: String,
    /// Further domains. Default: none. Changing them replaces the certificate. AWS:
    /// `SubjectAlternativeNames`.
    #[prop(default, replace, set)]
    pub subject_alternative_names: Vec<String>,
    /// The kind of its key. Default: RSA of 2048 bits. Changing it replaces the certificate. AWS:
    /// `KeyAlgorithm`.
    #[prop(default = KeyAlgorithm::Rsa2048, replace)]
    pub key_algorithm: KeyAlgorithm,
    /// Whether it is written into public logs, without which browsers do not trust it. Default:
    /// true. Changes in place. AWS: `Options.CertificateTransparencyLoggingPreference`.
    #[prop(default = true)]
    pub certificate_transparency_logging: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN, known long before the certificate is issued: listeners take that of its
    /// [`CertificateValidation`](super::CertificateValidation). AWS: `CertificateArn`.
    #[output(
        id,
        arn = "arn:aws:acm:{region}:{account}:certificate/{random:8}-{random:4}-{random:4}-{random:4}-{random:12}",
        at = exists
    )]
    pub certificate_arn: CertificateArn,
    /// The records that confirm its domains: that of `domain_name` first, then those of the
    /// others, each once. `*.campus.example.org` is confirmed by the record of
    /// `campus.example.org`. Certificates of an account for the same domain have the same record,
    /// in all regions. AWS: DescribeCertificate, `DomainValidationOptions`.
    #[output]
    pub validation_records: Vec<ValidationRecord>,
}

impl Certificate {
    /// The domains that are confirmed, in the order of
    /// [`validation_records`](Self::validation_records): each once, without `*.`.
    pub fn confirmed_domains<'a>(
        domain: &'a str,
        others: impl IntoIterator<Item = &'a str>,
    ) -> Vec<&'a str> {
        let mut all: Vec<&str> = vec![];
        for name in std::iter::once(domain).chain(others) {
            let name = name.strip_prefix("*.").unwrap_or(name);
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }
}

/// A record that confirms a domain.
#[props]
pub struct ValidationRecord {
    /// The domain that it confirms, without `*.`. AWS: `DomainName`.
    pub domain_name: String,
    /// The name of the record. AWS: `ResourceRecord.Name`.
    pub name: String,
    /// Its type: `CNAME`. AWS: `ResourceRecord.Type`.
    pub record_type: String,
    /// What it says. AWS: `ResourceRecord.Value`.
    pub value: String,
}

/// The kind of a certificate's key.
#[props]
pub enum KeyAlgorithm {
    /// RSA of 2048 bits, which every client knows.
    #[prop("RSA_2048")]
    Rsa2048,
    /// The elliptic curve P-256: smaller and faster.
    #[prop("EC_prime256v1")]
    EcPrime256v1,
    /// The elliptic curve P-384.
    #[prop("EC_secp384r1")]
    EcSecp384r1,
}
