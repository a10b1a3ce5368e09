//! Of `s3`.

use super::{Deviation, localstack, ministack, moto};

/// No bucket can be read on moto.
const VERSIONING: &str = "the answer is a VersioningConfiguration (GetBucketVersioning, Response \
                          Syntax); moto calls it otherwise, and the SDK can't read it";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:s3:Bucket", "create", VERSIONING),
    moto("aws:s3:BucketPolicy", "create", VERSIONING),
    moto("aws:s3:Object", "create", VERSIONING),
    ministack(
        "aws:s3:Bucket",
        "update notification_configuration",
        "as AWS does: queues and functions must be there (PutBucketNotificationConfiguration, \
              SkipDestinationValidation), and the catalogue has none",
    ),
    ministack(
        "aws:s3:Object",
        "update server_side_encryption",
        "objects may be encrypted twice (PutObject, ServerSideEncryption, aws:kms:dsse)",
    ),
    localstack(
        "aws:s3:Object",
        "update server_side_encryption",
        "objects may be encrypted twice (PutObject, ServerSideEncryption, aws:kms:dsse)",
    ),
    localstack(
        "aws:s3:Bucket",
        "update notification_configuration",
        "as AWS does: queues and functions must be there (PutBucketNotificationConfiguration, SkipDestinationValidation), and the catalogue has none",
    ),
    localstack(
        "aws:s3:Bucket",
        "update lifecycle_configuration",
        "a rule may have no Filter beside its Prefix, or an empty one (PutBucketLifecycleConfiguration)",
    ),
];
