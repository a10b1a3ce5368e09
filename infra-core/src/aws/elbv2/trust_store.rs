//! AWS: elasticloadbalancing CreateTrustStore, ModifyTrustStore, AddTags, DescribeTrustStores,
//! DeleteTrustStore.

use crate::{
    aws::{BucketName, TrustStoreArn},
    prelude::*,
    resource,
};

/// Certificate authorities whose clients a listener lets in: those of a content network that
/// fetches pages for its visitors, say, so that nobody else reaches the load balancer.
///
/// The certificates are read from a bucket when the store is made or changed, and kept; what lies
/// in the bucket may then go.
///
/// ```
/// use infra_core::{
///     aws::{elbv2::{MutualAuthentication, TrustStore}, s3::{Bucket, Object}},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
/// let bucket = Bucket::named("config").create(&stack);
/// let authorities = Object::named("edge-ca")
///     .bucket(&bucket)
///     .key("edge-ca.pem")
///     .content(pem)
///     .create(&stack);
/// let edge = TrustStore::named("edge")
///     .ca_certificates_bundle_s3_bucket(&bucket)
///     .ca_certificates_bundle_s3_key(authorities.key())
///     .create(&stack);
/// let only_the_edge = MutualAuthentication::verify(&edge);
/// # let _ = only_the_edge;
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:elbv2:TrustStore", unique(name), find = name, create = "5s", update = "5s")]
pub struct TrustStore {
    /// The bucket that the certificates lie in. Changes in place. AWS:
    /// `CaCertificatesBundleS3Bucket`.
    #[prop(weak, write_only, needs = configured)]
    pub ca_certificates_bundle_s3_bucket: BucketName,
    /// The name of the object with the certificates, one after the other in PEM. Changes in place.
    /// AWS: `CaCertificatesBundleS3Key`.
    #[prop(write_only)]
    pub ca_certificates_bundle_s3_key: String,
    /// The version of the object; give the output of the object to follow its content. Default: the
    /// newest, as it is when the store is made. Changes in place. AWS:
    /// `CaCertificatesBundleS3ObjectVersion`.
    #[prop(write_only)]
    pub ca_certificates_bundle_s3_object_version: Option<String>,
    /// The name, up to 32 letters, digits and hyphens. Default: made up from project, stack and
    /// name. Changing it replaces the store. AWS: `Name`.
    #[prop(replace, name(32, hyphens))]
    pub name: Option<String>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `TrustStoreArn`.
    #[output(
        id,
        arn = "arn:aws:elasticloadbalancing:{region}:{account}:truststore/{name}/{random}",
        at = exists
    )]
    pub trust_store_arn: TrustStoreArn,
    /// How many certificates it holds. AWS: `NumberOfCaCertificates`.
    #[output(changes_with(
        ca_certificates_bundle_s3_bucket,
        ca_certificates_bundle_s3_key,
        ca_certificates_bundle_s3_object_version
    ))]
    pub number_of_ca_certificates: u32,
}
