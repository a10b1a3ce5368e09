//! AWS Certificate Manager.

pub(crate) mod certificate;
pub(crate) mod certificate_validation;

use aws_sdk_acm::types::CertificateDetail;

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// States that a certificate does not leave any more.
const FAILED: &[&str] = &["FAILED", "VALIDATION_TIMED_OUT", "REVOKED", "EXPIRED", "INACTIVE"];

/// All of a certificate, if it is there.
async fn detail(aws: &Aws, arn: &str) -> Answer<Option<CertificateDetail>> {
    let told = aws.acm().describe_certificate().certificate_arn(arn).send().await.if_found()?;
    Ok(told.and_then(|told| told.certificate))
}
