//! AWS: ecr CreateRepository, PutImageTagMutability, PutImageScanningConfiguration,
//! PutLifecyclePolicy, DeleteLifecyclePolicy, SetRepositoryPolicy, DeleteRepositoryPolicy,
//! TagResource, DescribeRepositories, DeleteRepository.

use super::LifecyclePolicy;
use crate::{
    aws::{KmsKeyArn, RepositoryArn, RepositoryName, iam::PolicyDocument},
    prelude::*,
    props, resource,
};

/// Images of containers of one kind.
///
/// It holds data: what runs can be started again from its images alone. Tags are fixed by default,
/// so that what was tested is what runs.
///
/// ```
/// use infra_core::{
///     aws::ecr::{ImageLimit, LifecyclePolicy, LifecyclePolicyRule, Repository, TagStatus},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let few = ImageLimit::image_count_more_than(30_u32);
/// let moodle = Repository::named("moodle")
///     .repository_name("campus/moodle")
///     .lifecycle_policy(LifecyclePolicy::new([LifecyclePolicyRule::new(1_u32, TagStatus::Any, few)]))
///     .create(&stack);
/// stack.output("push to", moodle.repository_uri());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ecr:Repository", holds_data, create = "1s")]
pub struct Repository {
    /// The name, 2 to 256 small letters, digits and `/._-`, such as `campus/moodle`. Default: made
    /// up from project, stack and name. Changing it replaces the repository. AWS:
    /// `RepositoryName`.
    #[prop(id, replace, name(256, lower_path))]
    pub repository_name: Option<RepositoryName>,
    /// Whether a tag stays with its image. Default: it does (AWS: it does not). Changes in place.
    /// AWS: PutImageTagMutability, `ImageTagMutability`.
    #[prop(default = ImageTagMutability::Immutable)]
    pub image_tag_mutability: ImageTagMutability,
    /// Tags that are an exception to it, with the words that say so: up to five patterns, such as
    /// `latest` or `cache-*`. Default: none. Change in place. AWS:
    /// `ImageTagMutabilityExclusionFilters`.
    #[prop(set)]
    pub image_tag_mutability_exclusion_filters: Option<Vec<ImageTagMutabilityExclusionFilter>>,
    /// Whether images are looked through for known weaknesses. Default: each that is pushed (AWS:
    /// none). Changes in place; a setting of the whole registry overrules it. AWS:
    /// PutImageScanningConfiguration, `ImageScanningConfiguration`.
    #[prop(default = ImageScanningConfiguration::new())]
    pub image_scanning_configuration: ImageScanningConfiguration,
    /// How images are encrypted. Default: with a key of S3. Changing it replaces the repository.
    /// AWS: `EncryptionConfiguration`.
    #[prop(replace)]
    pub encryption_configuration: Option<EncryptionConfiguration>,
    /// Which images go by themselves. Default: none. Changes in place, and counts within a day.
    /// AWS: PutLifecyclePolicy, `LifecyclePolicyText`.
    #[prop(separate)]
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// Who may pull and push, other accounts too; its statements name no resource. Default: whoever
    /// the account's own policies let. Changes in place. AWS: SetRepositoryPolicy, `PolicyText`.
    #[prop(separate)]
    pub repository_policy_text: Option<PolicyDocument>,
    /// Whether deletion takes images along; else AWS refuses to delete what is not empty. Default:
    /// false. Changes in place; only deletion uses it. AWS: DeleteRepository, `force`.
    #[prop(default = false, write_only)]
    pub empty_on_delete: bool,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `RepositoryArn`.
    #[output(arn = "arn:aws:ecr:{region}:{account}:repository/{id}", at = exists)]
    pub arn: RepositoryArn,
    /// What images are called up to their tag. AWS: `RepositoryUri`.
    #[output(at = exists)]
    pub repository_uri: String,
}

/// Whether a tag stays with its image.
#[props]
pub enum ImageTagMutability {
    /// A tag can be given to another image.
    #[prop("MUTABLE")]
    Mutable,
    /// A tag stays.
    #[prop("IMMUTABLE")]
    Immutable,
    /// A tag can be given to another image, with exceptions.
    #[prop("MUTABLE_WITH_EXCLUSION")]
    MutableWithExclusion,
    /// A tag stays, with exceptions.
    #[prop("IMMUTABLE_WITH_EXCLUSION")]
    ImmutableWithExclusion,
}

/// Tags that are an exception.
#[props]
pub struct ImageTagMutabilityExclusionFilter {
    /// The tags: letters, digits and `._-`, with two `*` at most. AWS: `filter`.
    pub filter: String,
}

/// Whether images are looked through.
#[props]
pub struct ImageScanningConfiguration {
    /// Whether each is that is pushed. Default: true. AWS: `scanOnPush`.
    #[prop(default = true)]
    pub scan_on_push: bool,
}

/// How images are encrypted.
#[props]
pub struct EncryptionConfiguration {
    /// With whose key. AWS: `encryptionType`.
    pub encryption_type: EncryptionType,
    /// The key, with KMS alone. Default: `aws/ecr`. AWS: `kmsKey`.
    pub kms_key: Option<KmsKeyArn>,
}

/// With whose key images are encrypted.
#[props]
pub enum EncryptionType {
    /// With one of S3.
    #[prop("AES256")]
    Aes256,
    /// With one of KMS.
    #[prop("KMS")]
    Kms,
    /// With one of KMS, twice.
    #[prop("KMS_DSSE")]
    KmsDsse,
}
