//! What to do when S3 refuses.

use infra_core::{
    handler::{HandlerError, Problem},
    state::store::StoreError,
};

use super::objects::Objects;
use crate::error::Error;

/// Codes of S3 for a bucket that is in another region than the one that was asked.
const ELSEWHERE: [&str; 4] = [
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
];

/// Whether the bucket is in another region than the one that was asked.
pub(super) fn is_elsewhere(error: &HandlerError) -> bool {
    ELSEWHERE.contains(&&*error.code) || error.message.starts_with("the bucket is in ")
}

/// A refusal as the store tells it, with what to do about it.
pub(super) fn refused(
    objects: &Objects,
    key: &str,
    what: &'static str,
    Error(error): Error,
) -> StoreError {
    let help = help(&error, &objects.bucket, &objects.prefix);
    StoreError::Service { place: objects.place(key), what, help, source: error }
}

fn help(error: &HandlerError, bucket: &str, prefix: &str) -> Option<String> {
    if error.code == "NoSuchBucket" {
        return Some(format!(
            "make it, `aws s3 mb s3://{bucket}`, or name another one with `--state`"
        ));
    }
    if is_elsewhere(error) {
        return Some(format!(
            "name the bucket's region: `--state 's3://{bucket}/..?region=<region>'`; `aws s3api \
             get-bucket-location --bucket {bucket}` tells it"
        ));
    }
    Some(match &error.problem {
        Problem::Denied => format!(
            "allow s3:GetObject, s3:PutObject and s3:DeleteObject on arn:aws:s3:::{bucket}/{prefix}* \
             and s3:ListBucket on arn:aws:s3:::{bucket}, with kms:GenerateDataKey and kms:Decrypt \
             on the key if the bucket has one; or use other credentials (AWS_PROFILE)"
        ),
        Problem::Throttled { .. } | Problem::Transient => {
            "look whether S3 can be reached, and credentials are found (`aws sts \
             get-caller-identity`), and run the command again: what was recorded is kept"
                .to_owned()
        }
        _ => return None,
    })
}
