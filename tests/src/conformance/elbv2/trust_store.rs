//! The case of `aws:elbv2:TrustStore`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        elbv2::TrustStore,
        s3::{Bucket, Object, VersioningConfiguration},
    },
    prelude::*,
};

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

fn object(stack: &Stack, bucket: &Bucket, key: &str, content: &str) -> Object {
    Object::named(key).bucket(bucket).key(key).content(content).create(stack)
}

/// A store that trusts one authority.
pub(crate) fn trust_store(stack: &Stack, name: &str) -> TrustStore {
    let bucket = Bucket::named(format!("authorities-of-{name}")).create(stack);
    let bundle = object(stack, &bucket, &format!("{name}.pem"), CERTIFICATE);
    TrustStore::named(name)
        .ca_certificates_bundle_s3_bucket(&bucket)
        .ca_certificates_bundle_s3_key(bundle.key())
        .create(stack)
}

fn made_of(stack: &Stack, content: &str) {
    let bucket = Bucket::named("authorities").create(stack);
    let bundle = object(stack, &bucket, "ca.pem", content);
    TrustStore::named("subject")
        .ca_certificates_bundle_s3_bucket(&bucket)
        .ca_certificates_bundle_s3_key(bundle.key())
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: TrustStore::definition,
    build: |stack, v| {
        let [one, two] = ["one", "two"].map(|name| {
            Bucket::named(name)
                .versioning_configuration(VersioningConfiguration::enabled())
                .create(stack)
        });
        let both = CERTIFICATE.repeat(2);
        let first = object(stack, &one, "ca.pem", CERTIFICATE);
        let more = object(stack, &one, "more.pem", &both);
        let same = Object::named("same").bucket(&two).key("ca.pem").content(CERTIFICATE);
        let same = same.create(stack);
        // The version is that of the object, which is another one of another bucket or name.
        let bucket = v.is("ca_certificates_bundle_s3_bucket");
        let key = v.is("ca_certificates_bundle_s3_key");
        let version = v.is("ca_certificates_bundle_s3_object_version");
        let bundle = if key { &more } else { &first };
        let from = if bucket { &two } else { &one };
        let _ = &same;
        TrustStore::named("subject")
            .ca_certificates_bundle_s3_bucket(from)
            .ca_certificates_bundle_s3_key(bundle.key())
            .maybe_ca_certificates_bundle_s3_object_version(version.then(|| first.version_id()))
            .name(v.pick("name", "edge", "campus"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .depends_on(&same)
            .create(stack);
    },
    refused: &[
        Refused {
            property: "ca_certificates_bundle_s3_key",
            build: |stack| {
                let bucket = Bucket::named("authorities").create(stack);
                TrustStore::named("subject")
                    .ca_certificates_bundle_s3_bucket(&bucket)
                    .ca_certificates_bundle_s3_key("ca.pem")
                    .create(stack);
            },
            says: "there is no such object in the bucket",
        },
        Refused {
            property: "ca_certificates_bundle_s3_key",
            build: |stack| made_of(stack, "no certificate"),
            says: "holds no certificate",
        },
        Refused {
            property: "",
            build: |stack| made_of(stack, &CERTIFICATE.repeat(26)),
            says: "the quota of 25 certificates of a trust store is exhausted",
        },
        Refused {
            property: "ca_certificates_bundle_s3_object_version",
            build: |stack| {
                let bucket = Bucket::named("authorities").create(stack);
                let bundle = object(stack, &bucket, "ca.pem", CERTIFICATE);
                TrustStore::named("subject")
                    .ca_certificates_bundle_s3_bucket(&bucket)
                    .ca_certificates_bundle_s3_key(bundle.key())
                    .ca_certificates_bundle_s3_object_version("3HL4kqtJvjVBH40Nrjfkd")
                    .create(stack);
            },
            says: "is no version of ca.pem",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ElasticLoadBalancingV2::TrustStore",
        differs: &[
            ("CaCertificatesBundleS3Bucket", "required here, as by the API"),
            ("CaCertificatesBundleS3Key", "required here, as by the API"),
            ("Status", "left out: a store that is there is active"),
        ],
        renamed: &[
            ("CaCertificatesBundleS3Bucket", "ca_certificates_bundle_s3_bucket"),
            ("CaCertificatesBundleS3Key", "ca_certificates_bundle_s3_key"),
            ("CaCertificatesBundleS3ObjectVersion", "ca_certificates_bundle_s3_object_version"),
        ],
    },
}];
