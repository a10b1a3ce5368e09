//! Of `s3`.

use super::Deviation;
use crate::server::Kind;

/// No bucket can be read on moto.
const VERSIONING: &str = "the answer is a VersioningConfiguration (GetBucketVersioning, Response \
                          Syntax); moto calls it otherwise, and the SDK can't read it";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:s3:Bucket", what: "create", aws: VERSIONING },
    Deviation { server: Kind::Moto, ty: "aws:s3:BucketPolicy", what: "create", aws: VERSIONING },
    Deviation { server: Kind::Moto, ty: "aws:s3:Object", what: "create", aws: VERSIONING },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:s3:Bucket",
        what: "update notification_configuration",
        aws: "as AWS does: queues and functions must be there (PutBucketNotificationConfiguration, \
              SkipDestinationValidation), and the catalogue has none",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:s3:Object",
        what: "update server_side_encryption",
        aws: "objects may be encrypted twice (PutObject, ServerSideEncryption, aws:kms:dsse)",
    },
];
