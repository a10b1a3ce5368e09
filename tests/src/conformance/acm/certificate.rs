//! The case of `aws:acm:Certificate`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::acm::{Certificate, KeyAlgorithm},
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: Certificate::definition,
    build: |stack, v| {
        Certificate::named("subject")
            .domain_name(v.pick("domain_name", "campus.example.org", "school.example.org"))
            .subject_alternative_names(v.pick(
                "subject_alternative_names",
                vec!["*.campus.example.org"],
                vec!["moodle.example.org"],
            ))
            .key_algorithm(v.pick(
                "key_algorithm",
                KeyAlgorithm::Rsa2048,
                KeyAlgorithm::EcPrime256v1,
            ))
            .certificate_transparency_logging(v.pick(
                "certificate_transparency_logging",
                true,
                false,
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "domain_name",
            build: |stack| {
                Certificate::named("subject").domain_name("https://campus.org").create(stack);
            },
            says: "is no domain of up to 64 characters",
        },
        Refused {
            property: "subject_alternative_names",
            build: |stack| {
                Certificate::named("subject")
                    .domain_name("campus.example.org")
                    .subject_alternative_names(["www.*.example.org"])
                    .create(stack);
            },
            says: "www.*.example.org is no domain",
        },
        Refused {
            property: "",
            build: |stack| {
                let many = (0..10).map(|number| format!("c{number}.example.org"));
                Certificate::named("subject")
                    .domain_name("campus.example.org")
                    .subject_alternative_names(many.collect::<Vec<_>>())
                    .create(stack);
            },
            says: "the quota of 10 domains of a certificate is exhausted",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::CertificateManager::Certificate",
        differs: &[
            ("CertificateAuthorityArn", "left out: certificates are public ones here"),
            ("CertificateExport", "left out: what serves with a certificate is of AWS here"),
            ("DomainValidationOptions", "left out: records are resources of their own here"),
            ("Id", "the ARN says the same, and AWS's API knows nothing else"),
            ("ValidationMethod", "left out: a domain is confirmed by DNS, which renews it too"),
            ("validation_records", "what DescribeCertificate tells; CloudFormation keeps it"),
        ],
        renamed: &[(
            "CertificateTransparencyLoggingPreference",
            "certificate_transparency_logging",
        )],
    },
}];
