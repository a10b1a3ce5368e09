//! AWS: s3 PutObject, PutObjectTagging, HeadObject, DeleteObject.

use std::collections::BTreeMap;

use super::{SseAlgorithm, StorageClass};
use crate::{
    aws::{BucketName, KmsKeyArn},
    prelude::*,
    resource,
};

/// An object whose content the program gives: a configuration file, a page for maintenance.
///
/// Deletion takes every version of it along, so that its bucket can go too.
///
/// ```
/// use infra_core::{aws::s3::{Bucket, Object}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let bucket = Bucket::named("config").create(&stack);
/// Object::named("maintenance")
///     .bucket(&bucket)
///     .key("maintenance.html")
///     .content("<h1>Back at noon</h1>")
///     .content_type("text/html; charset=utf-8")
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:s3:Object", key(bucket, key), create = "1s")]
pub struct Object {
    /// The bucket. Changing it replaces the object. AWS: `Bucket`.
    // What is put before the bucket keeps versions and encrypts is not kept and not encrypted.
    #[prop(replace, needs = configured)]
    pub bucket: BucketName,
    /// The name, 1 to 1024 bytes; slashes show as folders. Changing it replaces the object. AWS:
    /// `Key`.
    #[prop(replace)]
    pub key: String,
    /// The content, as text in UTF-8. It may be secret: give the output of a secret by
    /// `as_plain_type`, and state keeps it sealed. Changes in place. AWS: `Body`.
    pub content: String,
    /// What the content is. Default: `application/octet-stream`. Changes in place. AWS:
    /// `ContentType`.
    #[prop(default = "application/octet-stream")]
    pub content_type: String,
    /// How the content is packed, such as `gzip`. Default: it is not. Changes in place. AWS:
    /// `ContentEncoding`.
    pub content_encoding: Option<String>,
    /// How browsers show it, such as `attachment`. Default: as they like. Changes in place. AWS:
    /// `ContentDisposition`.
    pub content_disposition: Option<String>,
    /// Its language, such as `de`. Default: none. Changes in place. AWS: `ContentLanguage`.
    pub content_language: Option<String>,
    /// How long caches keep it, such as `max-age=300`. Default: as they like. Changes in place.
    /// AWS: `CacheControl`.
    pub cache_control: Option<String>,
    /// What else is to be known of it: small letters and digits to text, 2 KiB in all. Default:
    /// nothing. Changes in place. AWS: `Metadata`.
    #[prop(default)]
    pub metadata: BTreeMap<String, String>,
    /// Where it is stored. Default: standard. Changes in place. AWS: `StorageClass`.
    #[prop(default = StorageClass::Standard)]
    pub storage_class: StorageClass,
    /// How it is encrypted. Default: as the bucket says. Changes in place. AWS:
    /// `ServerSideEncryption`.
    #[prop(computed, at = exists)]
    pub server_side_encryption: Option<SseAlgorithm>,
    /// With which key, with KMS alone. Default: as the bucket says. Changes in place. AWS:
    /// `SSEKMSKeyId`.
    pub ssekms_key_id: Option<KmsKeyArn>,
    /// Tags, six at most: S3 takes ten, and the engine needs four. Default: none. Change in place.
    /// AWS: PutObjectTagging, `Tagging`.
    #[prop(default)]
    pub tags: Tags,
    /// What tells contents apart. AWS: `ETag`.
    #[output(at = exists, changes_with(content, server_side_encryption, ssekms_key_id))]
    pub etag: String,
    /// The version. Absent where the bucket keeps none. AWS: `VersionId`.
    #[output(at = exists, changes_with(
        content, content_type, content_encoding, content_disposition, content_language,
        cache_control, metadata, storage_class, server_side_encryption, ssekms_key_id
    ))]
    pub version_id: String,
}
