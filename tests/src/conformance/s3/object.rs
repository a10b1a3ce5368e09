//! The case of `aws:s3:Object`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::s3::{Bucket, Object, SseAlgorithm, StorageClass, VersioningConfiguration},
    prelude::*,
};

use crate::conformance::kms::key::{key, keys};

fn bucket(stack: &Stack, name: &str) -> Bucket {
    Bucket::named(name).versioning_configuration(VersioningConfiguration::enabled()).create(stack)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Object::definition,
    build: |stack, v| {
        let (one, other) = (bucket(stack, "one"), bucket(stack, "other"));
        let [key, other_key] = keys(stack);
        Object::named("subject")
            .bucket(v.pick("bucket", &one, &other))
            .key(v.pick("key", "maintenance.html", "down.html"))
            .content(v.pick("content", "<h1>Back at noon</h1>", "<h1>Back at one</h1>"))
            .content_type(v.pick("content_type", "text/html", "text/html; charset=utf-8"))
            .content_encoding(v.pick("content_encoding", "identity", "gzip"))
            .content_disposition(v.pick("content_disposition", "inline", "attachment"))
            .content_language(v.pick("content_language", "en", "de"))
            .cache_control(v.pick("cache_control", "no-cache", "max-age=300"))
            .metadata(v.pick("metadata", [("version", "1")], [("version", "2")]))
            .storage_class(v.pick(
                "storage_class",
                StorageClass::Standard,
                StorageClass::StandardIa,
            ))
            .server_side_encryption(v.pick(
                "server_side_encryption",
                SseAlgorithm::Kms,
                SseAlgorithm::KmsDsse,
            ))
            .ssekms_key_id(v.pick("ssekms_key_id", &key, &other_key))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "key",
            build: |stack| {
                Object::named("subject")
                    .bucket(&bucket(stack, "bucket"))
                    .key("x".repeat(1025).as_str())
                    .content("")
                    .create(stack);
            },
            says: "has 1025 bytes; 1 to 1024 are allowed",
        },
        Refused {
            property: "tags",
            build: |stack| {
                let tags = (0..7).map(|n| (format!("t{n}"), "x")).collect::<Vec<_>>();
                Object::named("subject")
                    .bucket(&bucket(stack, "bucket"))
                    .key("x")
                    .content("")
                    .tags(tags)
                    .create(stack);
            },
            says: "an object takes ten",
        },
        Refused {
            property: "metadata",
            build: |stack| {
                Object::named("subject")
                    .bucket(&bucket(stack, "bucket"))
                    .key("x")
                    .content("")
                    .metadata([("Version", "1")])
                    .create(stack);
            },
            says: "small letters, digits and hyphens",
        },
        Refused {
            property: "metadata",
            build: |stack| {
                Object::named("subject")
                    .bucket(&bucket(stack, "bucket"))
                    .key("x")
                    .content("")
                    .metadata([("text", "x".repeat(2048))])
                    .create(stack);
            },
            says: "has 2052 bytes; 2048 are the most",
        },
        Refused {
            property: "ssekms_key_id",
            build: |stack| {
                Object::named("subject")
                    .bucket(&bucket(stack, "bucket"))
                    .key("x")
                    .content("")
                    .ssekms_key_id(&key(stack, "key"))
                    .create(stack);
            },
            says: "needs `server_side_encryption` aws:kms",
        },
        Refused {
            property: "bucket",
            build: |stack| {
                Object::named("subject").bucket("nowhere").key("x").content("").create(stack);
            },
            says: "the Bucket `nowhere` does not exist",
        },
    ],
    fixed: &[],
    // CloudFormation makes no objects.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
