//! The case of `aws:s3:Bucket`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::Role,
    aws::s3::{
        Bucket, BucketEncryption, CorsConfiguration, CorsMethod, CorsRule, DefaultRetention,
        LifecycleConfiguration, LifecycleRule, LifecycleTransition, LoggingConfiguration,
        NoncurrentVersionExpiration, ObjectLockConfiguration, ObjectLockRule, ObjectOwnership,
        OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration,
        ReplicationConfiguration, ReplicationFilter, ReplicationRule, RetentionMode,
        ServerSideEncryptionRule, TransitionStorageClass, VersioningConfiguration,
    },
    prelude::*,
};

use super::{bucket_lifecycle, bucket_notification, bucket_replication};
use crate::conformance::{
    iam::role::trust,
    kms::key::{far_key, key},
    sns::topic::topic,
};

pub(crate) const CASES: &[Case] = &[PLAIN, REPLICATED, LOCKED];

fn cors(methods: &[CorsMethod]) -> CorsConfiguration {
    let rule = CorsRule::new(methods, ["https://moodle.example"]).max_age(Seconds(600));
    CorsConfiguration::new([rule])
}

fn moving() -> LifecycleConfiguration {
    let to = LifecycleTransition::new(TransitionStorageClass::StandardIa);
    let rule = LifecycleRule::enabled()
        .id("logs")
        .prefix("logs/")
        .object_size_greater_than(131_072_i64)
        .transitions([to.transition_in_days(Days(30))])
        .expiration_in_days(Days(90))
        .noncurrent_version_expiration(NoncurrentVersionExpiration::new(Days(7)))
        .abort_incomplete_after(Days(7));
    LifecycleConfiguration::new([rule])
}

fn going() -> LifecycleConfiguration {
    LifecycleConfiguration::new([LifecycleRule::enabled().expiration_in_days(Days(30))])
}

const PLAIN: Case = Case {
    ty: Bucket::definition,
    build: |stack, v| {
        let logs = Bucket::named("logs").create(stack);
        let key = key(stack, "key");
        let topic = topic(stack, "uploads");
        Bucket::named("subject")
            .bucket_name(v.pick("bucket_name", "campus-backups", "campus-copies"))
            .force_destroy(v.pick("force_destroy", false, true))
            .object_lock_enabled(v.pick("object_lock_enabled", false, true))
            .versioning_configuration(v.pick(
                "versioning_configuration",
                VersioningConfiguration::enabled(),
                VersioningConfiguration::suspended(),
            ))
            .bucket_encryption(v.pick(
                "bucket_encryption",
                BucketEncryption::aes256(),
                BucketEncryption::kms(&key),
            ))
            .public_access_block_configuration(v.pick(
                "public_access_block_configuration",
                PublicAccessBlockConfiguration::new(),
                PublicAccessBlockConfiguration::new().block_public_policy(false),
            ))
            .ownership_controls(v.pick(
                "ownership_controls",
                OwnershipControls::of(ObjectOwnership::BucketOwnerEnforced),
                OwnershipControls::of(ObjectOwnership::BucketOwnerPreferred),
            ))
            .lifecycle_configuration(v.pick("lifecycle_configuration", moving(), going()))
            .logging_configuration(v.pick(
                "logging_configuration",
                LoggingConfiguration::new().destination_bucket_name(&logs),
                LoggingConfiguration::new().destination_bucket_name(&logs).log_file_prefix("s3/"),
            ))
            .notification_configuration(v.pick(
                "notification_configuration",
                bucket_notification::one(&topic),
                bucket_notification::everybody(&topic),
            ))
            .cors_configuration(v.pick(
                "cors_configuration",
                cors(&[CorsMethod::Get]),
                cors(&[CorsMethod::Get, CorsMethod::Put]),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "bucket_name",
            build: |stack| {
                Bucket::named("subject").bucket_name("ab").create(stack);
            },
            says: "3 characters at least",
        },
        Refused {
            property: "bucket_name",
            build: |stack| {
                Bucket::named("subject").bucket_name("campus-s3alias").create(stack);
            },
            says: "AWS keeps \"-s3alias\" for itself",
        },
        Refused {
            property: "bucket_name",
            build: |stack| {
                Bucket::named("subject").bucket_name("Campus").create(stack);
            },
            says: "lower-case letters, digits and hyphens",
        },
        Refused {
            property: "",
            build: |stack| {
                // Names are unique in all of AWS, not in a region.
                let elsewhere = Provider::aws("eu-west-1");
                let taken = Bucket::named("taken").bucket_name("campus").provider(&elsewhere);
                let taken = taken.create(stack);
                Bucket::named("subject").bucket_name("campus").depends_on(&taken).create(stack);
            },
            says: "`campus` exists already and is not this stack's",
        },
        Refused {
            property: "bucket_encryption",
            build: |stack| {
                let none = BucketEncryption::new(Vec::<ServerSideEncryptionRule>::new());
                Bucket::named("subject").bucket_encryption(none).create(stack);
            },
            says: "has 0 rules; it takes one",
        },
        Refused {
            property: "bucket_encryption",
            build: |stack| {
                Bucket::named("subject")
                    .bucket_encryption(BucketEncryption::kms(&far_key(stack)))
                    .create(stack);
            },
            says: "another region than eu-central-1",
        },
        Refused {
            property: "cors_configuration.cors_rules[0].allowed_origins",
            build: |stack| {
                let rule = CorsRule::new([CorsMethod::Get], ["https://*.*"]);
                Bucket::named("subject")
                    .cors_configuration(CorsConfiguration::new([rule]))
                    .create(stack);
            },
            says: "more than one wildcard",
        },
        Refused {
            property: "logging_configuration.destination_bucket_name",
            build: |stack| {
                let elsewhere = Provider::aws("eu-west-1");
                let logs = Bucket::named("logs").provider(&elsewhere).create(stack);
                Bucket::named("subject")
                    .logging_configuration(
                        LoggingConfiguration::new().destination_bucket_name(&logs),
                    )
                    .create(stack);
            },
            says: "logs stay in the account and region",
        },
        Refused {
            property: "ownership_controls",
            build: |stack| {
                Bucket::named("subject")
                    .ownership_controls(OwnershipControls::new(Vec::<OwnershipControlsRule>::new()))
                    .create(stack);
            },
            says: "has 0 rules; it takes one",
        },
        bucket_lifecycle::NOTHING,
        bucket_lifecycle::TOO_EARLY,
        bucket_lifecycle::GONE_BEFORE_IT_MOVES,
        bucket_lifecycle::SIZES,
        bucket_lifecycle::TWICE,
        bucket_notification::NO_EVENT,
        bucket_notification::SHUT_OUT,
        bucket_notification::TWO_PREFIXES,
    ],
    fixed: &[
        ("replication_configuration", "needs versions for ever; the second case has it"),
        ("object_lock_configuration", "needs locks; the third case has it"),
    ],
    cfn: Cfn {
        name: "AWS::S3::Bucket",
        differs: &[
            ("AbacStatus", "left out: access goes by roles and policies here"),
            ("AccelerateConfiguration", "left out: uploads go through Moodle, not to S3"),
            ("AccessControl", "left out: lists of rights mean nothing where the owner owns all"),
            ("AnalyticsConfigurations", "left out: what the architecture stores has known ages"),
            (
                "BucketEncryption.ServerSideEncryptionConfiguration.BlockedEncryptionTypes",
                "left out: AWS blocks keys of customers by itself",
            ),
            ("BucketNamePrefix", "left out: the engine makes names up"),
            ("BucketNamespace", "left out: names with a digest clash with nobody's"),
            ("IntelligentTieringConfigurations", "left out: archives are reached by lifecycle"),
            ("InventoryConfigurations", "left out: nothing reads lists of objects"),
            (
                "LifecycleConfiguration.Rules.ExpirationDate",
                "left out: ages say the same of every object",
            ),
            (
                "LifecycleConfiguration.Rules.NoncurrentVersionExpirationInDays",
                "an older form of NoncurrentVersionExpiration",
            ),
            (
                "LifecycleConfiguration.Rules.NoncurrentVersionTransition",
                "an older form of NoncurrentVersionTransitions",
            ),
            (
                "LifecycleConfiguration.Rules.NoncurrentVersionTransitions.StorageClass",
                "without `Glacier`, an older spelling",
            ),
            ("LifecycleConfiguration.Rules.Transition", "an older form of Transitions"),
            (
                "LifecycleConfiguration.Rules.Transitions.StorageClass",
                "without `Glacier`, an older spelling",
            ),
            (
                "LifecycleConfiguration.Rules.Transitions.TransitionDate",
                "left out: ages say the same of every object",
            ),
            (
                "LifecycleConfiguration.TransitionDefaultMinimumObjectSize",
                "left out: rules say sizes themselves",
            ),
            ("LoggingConfiguration.TargetObjectKeyFormat", "left out: the simple form of names"),
            ("MetadataConfiguration", "left out: nothing asks for objects by SQL"),
            ("MetadataTableConfiguration", "left out: nothing asks for objects by SQL"),
            (
                "MetricsConfigurations",
                "left out: alarms look at the balancer, not at requests to S3",
            ),
            (
                "ObjectLockConfiguration.ObjectLockEnabled",
                "always `Enabled`, and said by the bucket",
            ),
            (
                "ObjectLockConfiguration.Rule.DefaultRetention.DefaultEventHold",
                "left out: nothing holds objects by event",
            ),
            ("ReplicationConfiguration.Rules.Prefix", "an older form of Filter"),
            ("WebsiteConfiguration", "left out: pages are served by CloudFront"),
            ("WebsiteURL", "left out: pages are served by CloudFront"),
            ("force_destroy", "ours: AWS never empties a bucket by itself"),
        ],
        renamed: &[],
    },
};

const REPLICATED: Case = Case {
    ty: Bucket::definition,
    build: |stack, v| {
        let role = Role::named("replication")
            .assume_role_policy_document(trust("s3.amazonaws.com"))
            .create(stack);
        let elsewhere = Provider::aws("eu-west-1");
        let copies = Bucket::named("copies")
            .versioning_configuration(VersioningConfiguration::enabled())
            .provider(&elsewhere)
            .create(stack);
        let all = ReplicationRule::to(copies.arn(), 1);
        let some = ReplicationRule::to(copies.arn(), 1)
            .filter(ReplicationFilter::new().prefix("backups/"));
        Bucket::named("subject")
            .versioning_configuration(VersioningConfiguration::enabled())
            .replication_configuration(v.pick(
                "replication_configuration",
                ReplicationConfiguration::new(role.arn(), [all]),
                ReplicationConfiguration::new(role.arn(), [some]),
            ))
            .create(stack);
    },
    refused: &[
        bucket_replication::NO_VERSIONS,
        bucket_replication::NO_VERSIONS_THERE,
        bucket_replication::SAME_PRIORITY,
        bucket_replication::TWO_FILTERS,
        bucket_replication::OTHER_TIME,
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

fn locked(retention: DefaultRetention) -> ObjectLockConfiguration {
    ObjectLockConfiguration::new().rule(ObjectLockRule::new().default_retention(retention))
}

const LOCKED: Case = Case {
    ty: Bucket::definition,
    build: |stack, v| {
        let governed = DefaultRetention::new().mode(RetentionMode::Governance);
        Bucket::named("subject")
            .object_lock_enabled(true)
            .object_lock_configuration(v.pick(
                "object_lock_configuration",
                locked(governed.clone().days(Days(30))),
                locked(governed.years(1_u32)),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "object_lock_configuration",
            build: |stack| {
                Bucket::named("subject")
                    .object_lock_configuration(ObjectLockConfiguration::new())
                    .create(stack);
            },
            says: "needs `object_lock_enabled`",
        },
        Refused {
            property: "object_lock_configuration.rule.default_retention",
            build: |stack| {
                let retention = DefaultRetention::new()
                    .mode(RetentionMode::Compliance)
                    .days(Days(1))
                    .years(1_u32);
                Bucket::named("subject")
                    .object_lock_enabled(true)
                    .object_lock_configuration(locked(retention))
                    .create(stack);
            },
            says: "either `days` or `years`",
        },
        Refused {
            property: "versioning_configuration",
            build: |stack| {
                Bucket::named("subject")
                    .object_lock_enabled(true)
                    .versioning_configuration(VersioningConfiguration::suspended())
                    .create(stack);
            },
            says: "can't be suspended where objects are locked",
        },
    ],
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
