//! The case of `aws:acm:CertificateValidation`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        acm::{Certificate, CertificateValidation},
        route53::{HostedZone, Record, RecordType},
    },
    prelude::*,
};

const DOMAIN: &str = "campus.example.org";

/// A certificate and a wait for it that nothing confirms.
fn unconfirmed(stack: &Stack, others: &[&str]) {
    let certificate = Certificate::named("campus")
        .domain_name(DOMAIN)
        .subject_alternative_names(others)
        .create(stack);
    CertificateValidation::named("subject")
        .certificate_arn(&certificate)
        .record_names(Vec::<String>::new())
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: CertificateValidation::definition,
    build: |stack, v| {
        let zone = HostedZone::named("campus").name(DOMAIN).create(stack);
        let confirmed = |name: &str, domain: &str| {
            let certificate = Certificate::named(name).domain_name(domain).create(stack);
            let record = certificate.validation_records().index(0);
            let record = Record::that_validates(name, &zone, &record).create(stack);
            (certificate, record.fqdn())
        };
        let (one, first) = confirmed("one", DOMAIN);
        let (other, second) = confirmed("other", "*.moodle.campus.example.org");
        CertificateValidation::named("subject")
            .certificate_arn(v.pick("certificate_arn", &one, &other))
            .record_names(v.pick(
                "record_names",
                vec![first.clone(), second.clone()],
                vec![second, first],
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "",
            build: |stack| unconfirmed(stack, &[]),
            says: "not issued within 72 hours: no hosted zone of the account answers for campus",
        },
        Refused {
            property: "",
            build: |stack| {
                HostedZone::named("campus").name(DOMAIN).create(stack);
                unconfirmed(stack, &["*.campus.example.org"]);
            },
            says: "the zone campus.example.org (Z",
        },
        Refused {
            property: "",
            build: |stack| {
                // The nearest zone answers, not the one above it that has the record.
                let zone = HostedZone::named("whole").name("example.org").create(stack);
                HostedZone::named("campus").name(DOMAIN).create(stack);
                let certificate = Certificate::named("campus").domain_name(DOMAIN).create(stack);
                let record = certificate.validation_records().index(0);
                let record = Record::that_validates("campus", &zone, &record).create(stack);
                CertificateValidation::named("subject")
                    .certificate_arn(&certificate)
                    .record_names([record.fqdn()])
                    .create(stack);
            },
            says: "the zone campus.example.org (Z",
        },
        Refused {
            property: "",
            build: |stack| {
                let zone = HostedZone::named("campus").name(DOMAIN).create(stack);
                let other = Record::named("authorities")
                    .hosted_zone_id(&zone)
                    .name(DOMAIN)
                    .record_type(RecordType::Caa)
                    .ttl(Seconds(300))
                    .resource_records(["0 issue \"letsencrypt.org\""])
                    .create(stack);
                let certificate = Certificate::named("campus").domain_name(DOMAIN).create(stack);
                let record = certificate.validation_records().index(0);
                let record = Record::that_validates("campus", &zone, &record).create(stack);
                CertificateValidation::named("subject")
                    .certificate_arn(&certificate)
                    .record_names([record.fqdn(), other.fqdn()])
                    .create(stack);
            },
            says: "the CAA record of campus.example.org does not let AWS issue",
        },
    ],
    fixed: &[],
    // It stands for a wait, of which CloudFormation makes a part of the certificate.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
