//! The cases of `aws:ecr:Repository`: with exceptions of its tags, and without any.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ecr::{
            EncryptionConfiguration, EncryptionType, ImageScanningConfiguration,
            ImageTagMutability, ImageTagMutabilityExclusionFilter, LifecyclePolicy, Repository,
        },
        iam::{PolicyDocument, Principal, Statement},
    },
    prelude::*,
};

use super::lifecycle_policy::{self, many, old};
use crate::conformance::kms::key::{far_key, key};

fn pulled_by(account: &str) -> PolicyDocument {
    PolicyDocument::new([Statement::allow()
        .principals([Principal::aws(account)])
        .actions(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"])])
}

fn except<const N: usize>(tags: [&str; N]) -> Vec<ImageTagMutabilityExclusionFilter> {
    tags.into_iter().map(ImageTagMutabilityExclusionFilter::new).collect()
}

fn refused_exceptions<const N: usize>(stack: &Stack, tags: [&str; N]) {
    Repository::named("subject")
        .image_tag_mutability(ImageTagMutability::ImmutableWithExclusion)
        .image_tag_mutability_exclusion_filters(except(tags))
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: Repository::definition,
        build: |stack, v| {
            let own = key(stack, "key");
            Repository::named("subject")
                .repository_name(v.pick("repository_name", "campus/moodle", "campus/cron"))
                .image_tag_mutability(v.pick(
                    "image_tag_mutability",
                    ImageTagMutability::ImmutableWithExclusion,
                    ImageTagMutability::MutableWithExclusion,
                ))
                .image_tag_mutability_exclusion_filters(v.pick(
                    "image_tag_mutability_exclusion_filters",
                    except(["latest"]),
                    except(["latest", "cache-*"]),
                ))
                .image_scanning_configuration(v.pick(
                    "image_scanning_configuration",
                    ImageScanningConfiguration::new(),
                    ImageScanningConfiguration::new().scan_on_push(false),
                ))
                .encryption_configuration(v.pick(
                    "encryption_configuration",
                    EncryptionConfiguration::new(EncryptionType::Aes256),
                    EncryptionConfiguration::new(EncryptionType::Kms).kms_key(&own),
                ))
                .lifecycle_policy(v.pick(
                    "lifecycle_policy",
                    LifecyclePolicy::new([old(1, 7).description("left behind")]),
                    LifecyclePolicy::new([old(1, 7), many(2).tag_pattern_list(["*-test"])]),
                ))
                .repository_policy_text(v.pick(
                    "repository_policy_text",
                    pulled_by("123456789012"),
                    pulled_by("210987654321"),
                ))
                .empty_on_delete(v.pick("empty_on_delete", true, false))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "repository_name",
                build: |stack| {
                    Repository::named("subject").repository_name("Campus").create(stack);
                },
                says: "lower-case letters, digits and /._-",
            },
            Refused {
                property: "repository_name",
                build: |stack| {
                    Repository::named("subject").repository_name("campus/-moodle").create(stack);
                },
                says: "begin and end with a letter or digit",
            },
            Refused {
                property: "image_tag_mutability_exclusion_filters",
                build: |stack| {
                    Repository::named("subject")
                        .image_tag_mutability_exclusion_filters(except(["latest"]))
                        .create(stack);
                },
                says: "ends with WITH_EXCLUSION",
            },
            Refused {
                property: "image_tag_mutability_exclusion_filters",
                build: |stack| {
                    Repository::named("subject")
                        .image_tag_mutability(ImageTagMutability::MutableWithExclusion)
                        .create(stack);
                },
                says: "says which tags are the exception",
            },
            Refused {
                property: "image_tag_mutability_exclusion_filters",
                build: |stack| refused_exceptions(stack, ["a", "b", "c", "d", "e", "f"]),
                says: "has 6, not 1 to 5",
            },
            Refused {
                property: "image_tag_mutability_exclusion_filters",
                build: |stack| refused_exceptions(stack, ["*a*b*"]),
                says: "with two * at most",
            },
            Refused {
                property: "encryption_configuration",
                build: |stack| {
                    let encryption = EncryptionConfiguration::new(EncryptionType::Aes256);
                    Repository::named("subject")
                        .encryption_configuration(encryption.kms_key(&key(stack, "key")))
                        .create(stack);
                },
                says: "goes with the `encryption_type` KMS",
            },
            Refused {
                property: "encryption_configuration",
                build: |stack| {
                    let encryption =
                        EncryptionConfiguration::new(EncryptionType::Kms).kms_key(&far_key(stack));
                    Repository::named("subject").encryption_configuration(encryption).create(stack);
                },
                says: "another region than eu-central-1",
            },
            Refused {
                property: "repository_policy_text.statements[0]",
                build: |stack| {
                    let everything = Statement::allow()
                        .principals([Principal::aws("123456789012")])
                        .actions(["ecr:*"])
                        .resources(["*"]);
                    Repository::named("subject")
                        .repository_policy_text(PolicyDocument::new([everything]))
                        .create(stack);
                },
                says: "it is about what it belongs to and names none",
            },
            lifecycle_policy::EMPTY,
            lifecycle_policy::SAME_PLACE,
            lifecycle_policy::ANY_FIRST,
            lifecycle_policy::NO_TAGS,
            lifecycle_policy::TAGS_OF_UNTAGGED,
            lifecycle_policy::NOTHING_KEPT,
        ],
        fixed: &[],
        cfn: Cfn {
            name: "AWS::ECR::Repository",
            differs: &[
                (
                    "ImageTagMutabilityExclusionFilters.ImageTagMutabilityExclusionFilterType",
                    "left out: the API knows one kind alone",
                ),
                ("LifecyclePolicy.LifecyclePolicyText", "rules with types here, text there"),
                ("LifecyclePolicy.RegistryId", "left out: the registry is that of the account"),
                ("LifecyclePolicy.rules", "rules with types here, text there"),
            ],
            renamed: &[(
                "ImageTagMutabilityExclusionFilters.ImageTagMutabilityExclusionFilterValue",
                "filter",
            )],
        },
    },
    Case {
        ty: Repository::definition,
        build: |stack, v| {
            Repository::named("subject")
                .image_tag_mutability(v.pick(
                    "image_tag_mutability",
                    ImageTagMutability::Immutable,
                    ImageTagMutability::Mutable,
                ))
                .create(stack);
        },
        refused: &[Refused {
            property: "repository_name",
            build: |stack| {
                for name in ["one", "subject"] {
                    Repository::named(name).repository_name("campus/moodle").create(stack);
                }
            },
            says: "the same",
        }],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
