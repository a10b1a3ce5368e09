//! AWS: s3 PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy.

use crate::{
    aws::{BucketName, iam::PolicyDocument},
    resource,
};

/// Who may do what with a bucket and its objects, other accounts and AWS's services included. A
/// bucket has one.
///
/// ```
/// use infra_core::{
///     aws::{iam::{PolicyDocument, Principal, Statement}, s3::{Bucket, BucketPolicy}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let bucket = Bucket::named("backups").create(&stack);
/// let tls_only = Statement::deny()
///     .principals([Principal::everyone()])
///     .actions(["s3:*"])
///     .resources(inputs![bucket.arn(), interpolate!("{}/*", bucket.arn())])
///     .conditions([("Bool", [("aws:SecureTransport", ["false"])])]);
/// BucketPolicy::named("backups")
///     .bucket(&bucket)
///     .policy_document(PolicyDocument::new([tls_only]))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:s3:BucketPolicy", key(bucket), create = "1s")]
pub struct BucketPolicy {
    /// The bucket. Changing it replaces the policy. AWS: `Bucket`.
    #[prop(replace, owner, needs = configured)]
    pub bucket: BucketName,
    /// The policy; its resources are the bucket and its objects. Changes in place. AWS:
    /// `PolicyDocument`.
    pub policy_document: PolicyDocument,
}
